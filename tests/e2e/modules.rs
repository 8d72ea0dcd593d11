//! Which file of a crate needs which, read off its text.
//!
//! A file needs another when it names the module that the other one is, or anything that the other one defines: by a path from `crate`, `self`
//! or `super`, through a `use`, or through a re-export. Three things do not count: the root of the crate, which everything may name; what the
//! head of a folder (`mod.rs`) says of the files in it, because it declares and re-exports them; and tests.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::country::files;

/// A path as it is written, or from the root of the crate: `["run", "night", "Night"]`.
type Names = Vec<String>;

/// The files of a crate by the paths of their modules (`run::night`; the root is empty), with their code: no comments, no tests.
pub(crate) fn modules(source: &Path) -> BTreeMap<String, String> {
    let code = |path: &Path| {
        let text = std::fs::read_to_string(path).unwrap();
        let text = text.split("#[cfg(test)]\nmod tests").next().unwrap();
        text.lines().map(|line| line.split("//").next().unwrap_or_default().to_owned() + "\n").collect::<String>()
    };
    let module = |path: &Path| {
        let path = path.strip_prefix(source).unwrap().with_extension("");
        let parts = path.iter().map(|part| part.to_str().unwrap()).filter(|part| !["mod", "lib"].contains(part));
        parts.collect::<Vec<_>>().join("::")
    };
    let is_code = |path: &Path| {
        let inside = path.strip_prefix(source).unwrap();
        path.extension().is_some_and(|ending| ending == "rs")
            && !inside.iter().any(|part| ["main.rs", "tests.rs", "tests"].contains(&part.to_str().unwrap()))
    };
    files(source).into_iter().filter(|path| is_code(path)).map(|path| (module(&path), code(&path))).collect()
}

/// The files that each file needs.
pub(crate) fn needs(modules: &BTreeMap<String, String>) -> BTreeMap<String, BTreeSet<String>> {
    let exported: BTreeMap<&str, BTreeMap<String, Names>> =
        modules.iter().map(|(module, text)| (module.as_str(), imported(modules, module, &statements(text).exports))).collect();
    modules
        .iter()
        .map(|(module, text)| {
            let named = named(modules, module, text);
            let others = named.iter().map(|path| definer(modules, &exported, path));
            let inside = format!("{module}::");
            let counts = |other: &String| !other.is_empty() && !module.is_empty() && other != module && !other.starts_with(&inside);
            (module.clone(), others.filter(counts).collect())
        })
        .collect()
}

/// The files that cannot be put in an order in which each needs only those before it, with what they need of each other.
pub(crate) fn circles(modules: &BTreeMap<String, String>) -> BTreeMap<String, BTreeSet<String>> {
    let mut left = needs(modules);
    loop {
        let needed: BTreeSet<String> = left.values().flatten().cloned().collect();
        let free = |(module, others): (&String, &BTreeSet<String>)| others.is_empty() || !needed.contains(module);
        let free: BTreeSet<String> = left.iter().filter(|one| free(*one)).map(|(module, _)| module.clone()).collect();
        if free.is_empty() {
            return left;
        }
        left.retain(|module, _| !free.contains(module));
        left.values_mut().for_each(|others| others.retain(|other| !free.contains(other)));
    }
}

/// All that a file names of its crate, from the root.
fn named(modules: &BTreeMap<String, String>, module: &str, text: &str) -> BTreeSet<Names> {
    let Statements { imports, code, .. } = statements(text);
    let imported = imported(modules, module, &imports);
    let mut used = BTreeSet::new();
    let mut named = BTreeSet::new();
    for path in paths(&code) {
        let path: Names = path.split("::").map(str::to_owned).collect();
        if let Some(import) = imported.get(&path[0]) {
            used.insert(path[0].clone());
            named.insert(import.iter().chain(&path[1..]).cloned().collect());
        } else {
            named.extend(from_root(modules, module, &path));
        }
    }
    // A module that is imported to name what is in it counts by what is named.
    let is_a_way = |name: &String, path: &Names| used.contains(name) && modules.contains_key(&path.join("::"));
    named.extend(imported.into_iter().filter(|(name, path)| !is_a_way(name, path)).map(|(_, path)| path));
    named
}

/// The file that defines what a path from the root leads to.
fn definer(modules: &BTreeMap<String, String>, exported: &BTreeMap<&str, BTreeMap<String, Names>>, path: &[String]) -> String {
    let (count, module) = (0..=path.len())
        .rev()
        .find_map(|count| modules.get_key_value(&path[..count].join("::")).map(|(module, _)| (count, module)))
        .unwrap();
    let export = path.get(count).and_then(|name| exported[module.as_str()].get(name));
    // One that exports its own name again leads no further.
    match export.filter(|export| !path.starts_with(export)) {
        Some(export) => definer(modules, exported, &[export.as_slice(), &path[count + 1..]].concat()),
        None => module.clone(),
    }
}

/// What `use` statements bring into a module: the name that it has there, and its path from the root.
fn imported(modules: &BTreeMap<String, String>, module: &str, statements: &[&str]) -> BTreeMap<String, Names> {
    let trees = statements.iter().flat_map(|statement| leaves(statement));
    let found = trees.filter_map(|(path, name)| Some((name, from_root(modules, module, &path)?)));
    found.collect()
}

/// A path as a module writes it, from the root of the crate; none for one that leads out of it.
fn from_root(modules: &BTreeMap<String, String>, module: &str, path: &[String]) -> Option<Names> {
    let own: Names = module.split("::").filter(|part| !part.is_empty()).map(str::to_owned).collect();
    let ups = path.iter().take_while(|part| *part == "super").count();
    let (base, rest) = match path[0].as_str() {
        "crate" => (&[][..], &path[1..]),
        "self" => (&own[..], &path[1..]),
        "super" => (&own[..own.len().checked_sub(ups)?], &path[ups..]),
        child if modules.contains_key(&[own.as_slice(), &[child.to_owned()]].concat().join("::")) => (&own[..], path),
        _ => return None,
    };
    Some(base.iter().chain(rest).filter(|part| *part != "self").cloned().collect())
}

/// A text in three parts.
struct Statements<'t> {
    /// What stands between `use` and `;`.
    imports: Vec<&'t str>,
    /// The same of `pub use`.
    exports: Vec<&'t str>,
    /// Everything else.
    code: String,
}

fn statements(text: &str) -> Statements<'_> {
    let mut found = Statements { imports: Vec::new(), exports: Vec::new(), code: String::new() };
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("use ") {
        let line = before.rsplit('\n').next().unwrap_or_default().trim();
        let (statement, next) = after.split_once(';').unwrap_or((after, ""));
        match line {
            "" => found.imports.push(statement),
            _ if line.starts_with("pub") => found.exports.push(statement),
            _ => found.code += &format!("use {statement};"),
        }
        found.code += before;
        rest = next;
    }
    found.code += rest;
    found
}

/// The paths of a tree of imports, `a::{b, c::{self, d as e}}`, each with the name that it gets.
fn leaves(tree: &str) -> Vec<(Names, String)> {
    if let Some((stem, group)) = tree.split_once('{') {
        let group = group.trim_end().strip_suffix('}').unwrap();
        let mut depth = 0;
        let members = group.split(move |letter| {
            depth += i32::from(letter == '{') - i32::from(letter == '}');
            letter == ',' && depth == 0
        });
        return members.filter(|member| !member.trim().is_empty()).flat_map(|member| leaves(&format!("{stem}{member}"))).collect();
    }
    let (path, name) = tree.split_once(" as ").map_or((tree, None), |(path, name)| (path, Some(name.trim().to_owned())));
    let path: Names = path.split("::").map(|part| part.trim().to_owned()).collect();
    let last = path.iter().rfind(|part| *part != "self").unwrap().clone();
    vec![(path, name.unwrap_or(last))]
}

/// The paths in code: names with `::` between them.
fn paths(code: &str) -> impl Iterator<Item = &str> {
    let words = code.split(|letter: char| !letter.is_alphanumeric() && !"_:".contains(letter));
    words.filter_map(|word| word.trim_matches(':').split_once("::").map(|_| word.trim_matches(':')))
}
