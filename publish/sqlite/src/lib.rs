//! All tables of a tier in one SQLite file.
