//! Prints a graph as Turtle.

use std::io;

use oxrdf::Triple;
use oxttl::TurtleSerializer;

use crate::vocabulary::PREFIXES;

/// The bytes of a Turtle file; `namespace` has the empty prefix.
pub(crate) fn print(triples: &[Triple], namespace: &str) -> io::Result<Vec<u8>> {
    let prefixes = PREFIXES.iter().copied().chain([("", namespace)]);
    let serializer = prefixes.into_iter().try_fold(TurtleSerializer::new(), |all, (prefix, of)| all.with_prefix(prefix, of));
    let mut writer = serializer.map_err(io::Error::other)?.for_writer(Vec::new());
    triples.iter().try_for_each(|triple| writer.serialize_triple(triple))?;
    writer.finish()
}
