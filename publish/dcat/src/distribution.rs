//! A file that can be downloaded: `dcat:Distribution`.

use catalog::Text;
use metadata::{DataFile, Described};
use oxrdf::NamedNode;

use crate::addresses::Addresses;
use crate::error::Error;
use crate::format::{Format, extension};
use crate::graph::Graph;
use crate::standards::Standard;
use crate::vocabulary::{authority, dcat, dct, spdx};

/// What a file has.
pub(crate) struct Content<'a> {
    /// Whether it is a table that has a description of its own.
    pub(crate) is_table: bool,
    /// What it is called; with the extension, its name in the description.
    pub(crate) name: &'a str,
    /// What people read.
    pub(crate) title: &'a Text,
    /// What one row is.
    pub(crate) description: &'a Text,
    /// The licence.
    pub(crate) licence: &'a NamedNode,
    /// The ground on which data of persons are published, if there are any.
    pub(crate) rights: Option<&'a NamedNode>,
}

/// Describes a file. Its access address shows what is the latest; the download address gives the very bytes that the checksum is of, where the portal has one
/// for each release. Sizes are `xsd:decimal`: the text of DCAT-AP 3.0.0 says `xsd:nonNegativeInteger`, but its own shapes, DCAT-AP 2.1.1 and DCAT-AP-LT 2.0
/// refuse that.
pub(crate) fn distribution(
    graph: &mut Graph,
    described: &Described<'_>,
    file: &DataFile,
    content: &Content<'_>,
    addresses: &Addresses,
) -> Result<NamedNode, Error> {
    let ending = extension(&file.path);
    let format = Format::of(&file.path);
    let called = format.map_or_else(|| ending.to_owned(), |format| format.title.to_owned());
    let title = Text { lt: format!("{} ({called})", content.title.lt), en: format!("{} ({called})", content.title.en) };
    let checksum = addresses.thing(&format!("checksum-{}-{ending}", content.name))?;
    let mut sum = graph.thing(checksum.clone(), spdx::CHECKSUM_CLASS);
    sum.link(spdx::ALGORITHM, spdx::SHA256).hexadecimal(spdx::CHECKSUM_VALUE, &file.sha256);
    let kind = format.map(|format| format.describe(graph, addresses)).transpose()?;
    let standard = Standard::of_format(ending)
        .filter(|_| content.is_table)
        .map(|standard| standard.describe(graph, content.name, addresses))
        .transpose()?;

    let name = addresses.thing(&format!("distribution-{}-{ending}", content.name))?;
    let mut thing = graph.thing(name.clone(), dcat::DISTRIBUTION_CLASS);
    thing
        .text(dct::TITLE, &title)
        .text(dct::DESCRIPTION, content.description)
        .link(dcat::ACCESS_URL, &addresses.current_iri(&file.path)?)
        .link(dcat::DOWNLOAD_URL, &addresses.lasting_iri(&file.path)?)
        .decimal(dcat::BYTE_SIZE, file.bytes)
        .link(spdx::CHECKSUM, &checksum)
        .link(dct::LICENSE, content.licence)
        .link_to(dct::LANGUAGE, authority::LITHUANIAN, dct::LINGUISTIC_SYSTEM)
        .date(dct::MODIFIED, described.date);
    if let Some(rights) = content.rights {
        thing.link(dct::RIGHTS, rights);
    }
    if let Some(kind) = &kind {
        thing.link(dct::FORMAT, kind);
    }
    if let Some(media_type) = format.and_then(Format::media_type) {
        thing.link_to(dcat::MEDIA_TYPE, &media_type, dct::MEDIA_TYPE);
    }
    if let Some(standard) = &standard {
        thing.link(dct::CONFORMS_TO, standard);
    }
    Ok(name)
}
