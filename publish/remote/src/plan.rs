//! What of a release is in its place already, what can be copied inside the store, what must travel, and what must go.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use futures_util::{StreamExt, TryStreamExt};

use crate::error::Error;
use crate::headers::{content_type, has, immutable};
use crate::index::{self, Index};
use crate::release::{File, RELEASES, Release, SIGNATURE, TURNS, turn};
use crate::store::Listed;
use crate::target::Target;

/// Files of the same content and type that are not in their place yet: one of them travels at most.
#[derive(Debug)]
pub(crate) struct Group<'a> {
    pub(crate) files: Vec<&'a File>,
    /// Address in the store of an object to copy, if there is one.
    pub(crate) source: Option<String>,
}

/// What is to be done for a release.
#[derive(Debug, Default)]
pub(crate) struct Plan<'a> {
    /// Files that are in their place.
    pub(crate) skipped: usize,
    /// What is carried, turn by turn.
    pub(crate) turns: [Vec<Group<'a>>; TURNS],
    /// Objects in the release's place that it does not have.
    pub(crate) going: Vec<String>,
    /// Addresses at which something else stood before, of a release that takes the place of another.
    pub(crate) purge: Vec<String>,
}

impl<'a> Plan<'a> {
    /// Compares a release with what stands in its place; `standing` is the index of what stood there as a whole.
    ///
    /// # Errors
    /// [`Error::Immutable`] when a release would take the place of another though nothing was removed from it; [`Error::Store`].
    pub(crate) async fn make(to: &Target, release: &'a Release, standing: Option<&Index>, concurrency: usize) -> Result<Self, Error> {
        let folder = format!("{RELEASES}/{}", release.name);
        let differing = standing.map(|standing| standing.differing(release)).unwrap_or_default();
        // The same manifest may be signed again, by another key.
        let is_signed_again = |path: &String| path.ends_with(SIGNATURE) && release.files.iter().any(|file| file.path == *path);
        let replaced = differing.iter().find(|path| !is_signed_again(path));
        if let (Some(path), false) = (replaced, release.revised) {
            return Err(Error::Immutable { to: to.address().to_owned(), release: release.name.clone(), path: path.clone() });
        }
        let listed = to.list(&folder).await?;
        let wanted: HashSet<&str> = release.files.iter().map(|file| file.path.as_str()).collect();
        let in_place = in_place(to, release, &folder, standing, &listed, concurrency).await?;

        let mut sources = index::held(to, &release.name).await?;
        for file in release.files.iter().filter(|file| in_place.contains(file.path.as_str())) {
            sources.insert(content(file), format!("{folder}/{}", file.path));
        }
        let mut groups: BTreeMap<_, Vec<&File>> = BTreeMap::new();
        for file in release.files.iter().filter(|file| !in_place.contains(file.path.as_str())) {
            groups.entry((turn(&file.path), content(file))).or_default().push(file);
        }
        let mut plan = Self { skipped: in_place.len(), ..Self::default() };
        for ((turn, content), files) in groups {
            plan.turns[turn].push(Group { files, source: sources.get(&content).cloned() });
        }
        plan.going = listed.keys().filter(|path| !wanted.contains(path.as_str())).map(|path| format!("{folder}/{path}")).collect();
        let mut other: BTreeSet<&String> = differing.iter().collect();
        if release.revised {
            // Served perhaps, though its index was never written.
            other.extend(listed.keys().filter(|path| !in_place.contains(path.as_str())));
        }
        plan.purge = other.into_iter().map(|path| format!("{folder}/{path}")).collect();
        Ok(plan)
    }
}

/// What two files must have in common to be one object: a copy takes its type along.
fn content(file: &File) -> (String, String) {
    (file.sha256.clone(), content_type(&file.path).to_owned())
}

/// Paths of the files that are in their place: those that the index tells of, and others that are found to be.
async fn in_place<'a>(
    to: &Target,
    release: &'a Release,
    folder: &str,
    standing: Option<&Index>,
    listed: &BTreeMap<String, Listed>,
    concurrency: usize,
) -> Result<HashSet<&'a str>, Error> {
    let known: HashMap<&str, _> =
        standing.iter().flat_map(|standing| &standing.files).map(|(path, entry)| (path.as_str(), entry)).collect();
    let mut found = HashSet::new();
    let mut unknown = Vec::new();
    for file in &release.files {
        let Some(listed) = listed.get(&file.path).filter(|listed| listed.bytes == file.bytes) else { continue };
        match known.get(file.path.as_str()).filter(|entry| entry.tells_of(listed)) {
            Some(entry) if entry.sha256 == file.sha256 && entry.kind == content_type(&file.path) => {
                found.insert(file.path.as_str());
            }
            Some(_) => {}
            None => unknown.push(file),
        }
    }
    let looked = futures_util::stream::iter(unknown).map(|file| async move {
        let is_there = is_there(to, &format!("{folder}/{}", file.path), file).await?;
        Ok::<_, Error>(is_there.then_some(file.path.as_str()))
    });
    let looked: Vec<Option<&str>> = looked.buffer_unordered(concurrency).try_collect().await?;
    found.extend(looked.into_iter().flatten());
    Ok(found)
}

/// Whether an object is this file. Its own field for the SHA-256 was written with the content, in one step, by a publication that had hashed
/// it; where stores keep no such fields, the content is read.
async fn is_there(to: &Target, address: &str, file: &File) -> Result<bool, Error> {
    if to.keeps_headers {
        let headers = to.headers(address).await?;
        return Ok(headers.is_some_and(|headers| has(&headers, &immutable(&file.path, &file.sha256))));
    }
    Ok(to.read(address).await?.is_some_and(|read| read.sha256 == file.sha256))
}
