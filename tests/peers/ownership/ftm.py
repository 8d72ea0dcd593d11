"""Whether entities are what FollowTheMoney asks for: its own model, each property and value of it, and the entities that others name."""

from followthemoney import model
from followthemoney.types import registry

# What nobody may say of a natural person.
PRIVATE = {"birthDate", "birthPlace", "deathDate", "idNumber", "taxNumber", "passportNumber", "socialSecurityNumber", "address", "email", "phone"}


def problems(entities):
    """What is wrong, each in a line."""
    schemas = {}
    for entity in entities:
        name = entity.get("id")
        if registry.entity.clean(name) != name:
            yield f"no identifier: {name}"
        if name in schemas:
            yield f"twice: {name}"
        schemas[name] = model.get(entity.get("schema"))
    for entity in entities:
        yield from of_entity(entity, schemas)


def of_entity(entity, schemas):
    name, schema, properties = entity["id"], schemas[entity["id"]], entity.get("properties", {})
    if set(entity) != {"id", "schema", "properties"}:
        yield f"{name}: has {sorted(entity)}"
    if schema is None or schema.abstract:
        yield f"{name}: no such schema: {entity.get('schema')}"
        return
    try:
        schema.validate(entity)
    except Exception as refused:
        yield f"{name}: {refused}: {getattr(refused, 'errors', '')}"
    for key in schema.required:
        if not properties.get(key):
            yield f"{name}: lacks {key}"
    for key, values in properties.items():
        prop = schema.get(key)
        if prop is None:
            yield f"{name}: {schema.name} has no property {key}"
            continue
        if prop.deprecated or prop.stub:
            yield f"{name}: {key} is not to be used"
        if schema.is_a("Person") and key in PRIVATE:
            yield f"{name}: {key} of a person"
        for value in values:
            yield from of_value(name, prop, value, schemas)


def of_value(name, prop, value, schemas):
    cleaned = prop.type.clean_text(value, format=prop.format) if isinstance(value, str) else None
    if cleaned != value:
        yield f"{name}: {prop.name}: bad value {value!r}, which would be {cleaned!r}"
    if len(value) > prop.max_length:
        yield f"{name}: {prop.name}: too long"
    if prop.type == registry.entity:
        target = schemas.get(value)
        if target is None:
            yield f"{name}: {prop.name} names what is not there: {value}"
        elif not target.is_a(prop.range):
            yield f"{name}: {prop.name} names a {target.name}, not a {prop.range.name}"
    if prop.name == "percentage" and not 0 <= float(value) <= 100:
        yield f"{name}: {value} percent"
