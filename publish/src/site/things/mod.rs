//! What has a page beside VIRS: outlets, owners, institutions, donors, as `data/pages` says. Here is who they are and where their pages lie; the pages themselves
//! are in `thing_pages`.

pub(super) mod directory;
pub(super) mod key;
pub(super) mod links;
