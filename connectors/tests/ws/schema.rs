//! The web service's description against the data's own definitions: nothing is listed twice without a test that both agree.

use std::fmt::Write;

use catalog::{Catalog, Layer, Table};
use connectors::About;
use connectors::ws::{NAMESPACE, served};

use crate::root;

/// With this variable set the schema is written anew instead of compared.
const WRITE: &str = "VIRSIS_WRITE_SCHEMA";

const BEGIN: &str = r##"<?xml version="1.0" encoding="UTF-8"?>
<!-- Made from data/tables by the test connectors/tests/ws/schema.rs. What a schema cannot say stands in the WSDL. -->
<xs:schema targetNamespace="urn:virsis:registrai:1" elementFormDefault="qualified" version="1"
    xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns="urn:virsis:registrai:1">
  <xs:element name="uzklausa">
    <xs:annotation><xs:documentation>Klausimas: kurio išrašo, apie ką ir kurios dienos būklė.</xs:documentation></xs:annotation>
    <xs:complexType>
      <xs:sequence>
        <xs:element name="kodas" type="Kodas" maxOccurs="unbounded"/>
        <xs:any namespace="http://www.w3.org/2000/09/xmldsig#" processContents="lax"/>
      </xs:sequence>
      <xs:attribute name="id" type="xs:ID" use="required"/>
      <xs:attribute name="israsas" type="Israsas" use="required"/>
      <xs:attribute name="data" type="xs:date" use="required"/>
    </xs:complexType>
  </xs:element>
  <xs:element name="atsakymas">
    <xs:annotation><xs:documentation>Atsakymas: kiekvienam klaustam kodui po vieną „apie“.</xs:documentation></xs:annotation>
    <xs:complexType>
      <xs:sequence>
        <xs:element name="apie" type="Apie" maxOccurs="unbounded"/>
        <xs:any namespace="http://www.w3.org/2000/09/xmldsig#" processContents="lax"/>
      </xs:sequence>
      <xs:attribute name="id" type="xs:ID" use="required"/>
      <xs:attribute name="uzklausa" type="xs:NCName" use="required"/>
      <xs:attribute name="israsas" type="Israsas" use="required"/>
    </xs:complexType>
    <xs:unique name="kodasVienaKarta">
      <xs:selector xpath="*"/>
      <xs:field xpath="@kodas"/>
    </xs:unique>
  </xs:element>
  <xs:simpleType name="Kodas">
    <xs:annotation><xs:documentation>Juridinio asmens arba (Gyventojų registre) asmens kodas.</xs:documentation></xs:annotation>
    <xs:restriction base="xs:string"><xs:pattern value="[0-9]{7}|[0-9]{9}|[0-9]{11}"/></xs:restriction>
  </xs:simpleType>
  <xs:simpleType name="Langelis">
    <xs:annotation><xs:documentation>Kaip 1 išrašų formate: data 2026-10-31, pinigai 1234.50, taip ir ne 1 ir 0.</xs:documentation></xs:annotation>
    <xs:restriction base="xs:string"><xs:maxLength value="4000"/></xs:restriction>
  </xs:simpleType>
"##;

/// The schema as the tables' definitions make it.
fn schema(catalog: &Catalog) -> String {
    let mut tables: Vec<&Table> = served().map(|extract| &**catalog.table(extract.table).unwrap()).collect();
    tables.sort_by_key(|table| &table.name);
    let mut out = BEGIN.to_owned();
    out.push_str("  <xs:simpleType name=\"Israsas\">\n    <xs:restriction base=\"xs:string\">\n");
    for table in &tables {
        writeln!(out, "      <xs:enumeration value=\"{}\"/>", table.subject()).unwrap();
    }
    out.push_str("    </xs:restriction>\n  </xs:simpleType>\n  <xs:complexType name=\"Apie\">\n    <xs:choice>\n");
    for table in &tables {
        let name = table.subject();
        writeln!(out, "      <xs:element name=\"{name}\" type=\"{name}\" minOccurs=\"0\" maxOccurs=\"unbounded\"/>").unwrap();
    }
    out.push_str("    </xs:choice>\n    <xs:attribute name=\"kodas\" type=\"Kodas\" use=\"required\"/>\n  </xs:complexType>\n");
    for table in &tables {
        writeln!(out, "  <xs:complexType name=\"{}\">", table.subject()).unwrap();
        writeln!(out, "    <xs:annotation><xs:documentation>{}</xs:documentation></xs:annotation>", table.title.lt).unwrap();
        out.push_str("    <xs:sequence>\n");
        for column in &table.columns {
            let optional = if column.required { "" } else { " minOccurs=\"0\"" };
            writeln!(out, "      <xs:element name=\"{}\" type=\"Langelis\"{optional}/>", column.column.name).unwrap();
        }
        out.push_str("    </xs:sequence>\n  </xs:complexType>\n");
    }
    out.push_str("</xs:schema>\n");
    out
}

#[test]
fn the_schema_has_exactly_the_columns_of_the_tables() {
    let path = root().join("data/ws/virsis-registrai.v1.xsd");
    let made = schema(&Catalog::load(&root()).unwrap());
    if std::env::var_os(WRITE).is_some() {
        std::fs::write(&path, &made).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap();
    // A changed column is a new version of an agreed service; only before the first agreement may the file just be written anew.
    assert!(kept == made, "{} differs from data/tables; {WRITE}=1 writes it anew", path.display());
}

#[test]
fn every_served_table_has_the_columns_that_asking_needs() {
    let catalog = Catalog::load(&root()).unwrap();
    for extract in served() {
        let (table, asked_by) = (catalog.table(extract.table).unwrap(), extract.asked_by.unwrap());
        assert_eq!(table.layer, Layer::Raw);
        let owner: &[&str] = if asked_by.about == About::EntitiesAndOwners { &["dalyvio_rusis", "dal_kodas"] } else { &[] };
        for column in owner.iter().chain([&asked_by.column]) {
            assert!(table.column(column).is_some(), "{} has no column {column}", extract.table);
        }
    }
    assert!(served().count() > 8);
}

#[test]
fn the_description_of_the_service_names_the_same_namespace_and_action() {
    let description = std::fs::read_to_string(root().join("data/ws/virsis-registrai.v1.wsdl")).unwrap();
    assert!(description.contains(&format!("targetNamespace=\"{NAMESPACE}\"")));
    assert!(description.contains(&format!("soapAction=\"{NAMESPACE}:klausti\"")));
    assert!(description.contains("schemaLocation=\"virsis-registrai.v1.xsd\""));
}
