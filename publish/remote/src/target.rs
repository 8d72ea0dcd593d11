//! Where releases are published to: an address in words of `object_store`, opened with the settings that the environment has for it.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use object_store::aws::AmazonS3Builder;
use object_store::azure::MicrosoftAzureBuilder;
use object_store::gcp::GoogleCloudStorageBuilder;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreScheme, RetryConfig};
use url::Url;

use crate::error::Error;
use crate::folder::Folder;
use crate::reason::Secrets;

/// What to do for a server that is reached by SFTP.
const SFTP: &str = "SFTP is not spoken here. Mount the folder (`sshfs HOST:FOLDER /mnt/portal`) and publish to file:///mnt/portal, or copy a \
                    published folder with rsync in two steps, the releases first and the pointer last (docs/stores.md has the commands)";

/// Settings that say where a store is; over HTTP without TLS only if that is allowed in so many words.
const ENDPOINTS: [&str; 7] = [
    "AWS_ENDPOINT",
    "AWS_ENDPOINT_URL",
    "AWS_ENDPOINT_URL_S3",
    "AZURE_ENDPOINT",
    "AZURE_STORAGE_ENDPOINT",
    "GOOGLE_BASE_URL",
    "AZURE_AUTHORITY_HOST",
];

/// A store, and the folder in it below which everything is published.
#[derive(Clone)]
pub struct Target {
    pub(crate) objects: Arc<dyn ObjectStore>,
    pub(crate) prefix: Path,
    pub(crate) secrets: Secrets,
    /// Whether objects keep what is said of them ([`crate::headers`]). Files do not: their web server says it.
    pub(crate) keeps_headers: bool,
    /// Of a folder of this machine: where it is.
    pub(crate) folder: Option<PathBuf>,
    shown: String,
}

impl Target {
    /// Opens `s3://BUCKET/FOLDER`, `gs://…`, `az://…` (`abfs`, `abfss`) or `file:///FOLDER`. Nothing is asked of the store yet.
    ///
    /// `environment` are the variables of the process: of these the ones of the store's maker are used (`AWS_…`, `GOOGLE_…`, `AZURE_…`), as
    /// their own tools use them. `patience` is how long each request is tried again while the store does not answer.
    ///
    /// # Errors
    /// [`Error::Target`] for an address that is none of these, that has a password in it, or whose settings are not right.
    pub fn open(address: &str, environment: impl IntoIterator<Item = (String, String)>, patience: Duration) -> Result<Self, Error> {
        let Ok(url) = Url::parse(address) else {
            // What does not parse is not repeated: it may hold a password.
            return Err(refused("this address", "it is none; write s3://BUCKET/FOLDER, gs://…, az://… or file:///FOLDER"));
        };
        let shown = shown(&url);
        let wrong = |reason: &str| refused(&shown, reason);
        if url.password().is_some() || url.query().is_some() || url.fragment().is_some() {
            return Err(wrong("it has more than a place in it; credentials belong into the environment (docs/stores.md)"));
        }
        let family = match url.scheme() {
            "s3" | "s3a" => "AWS_",
            "gs" => "GOOGLE_",
            "az" | "azure" | "adl" | "abfs" | "abfss" => "AZURE_",
            "file" => "",
            "sftp" | "ssh" | "scp" => return Err(wrong(SFTP)),
            "http" | "https" => return Err(wrong("a store is named by its bucket; write s3://BUCKET/FOLDER and set AWS_ENDPOINT_URL")),
            _ => return Err(wrong("such stores are not known; write s3://BUCKET/FOLDER, gs://…, az://… or file:///FOLDER")),
        };
        let (scheme, prefix) = ObjectStoreScheme::parse(&url).map_err(|_| wrong("its folder is not one that a store can have"))?;
        if scheme == ObjectStoreScheme::Local {
            let folder = url.to_file_path().map_err(|()| wrong("write file:///FOLDER, from the root"))?;
            let folder = folder.canonicalize().map_err(|error| wrong(&format!("{error}; make the folder, or mount it, first")))?;
            let objects = Arc::new(Folder::open(&folder).map_err(|error| wrong(&error.to_string()))?);
            let keeps_headers = false;
            return Ok(Self { objects, prefix: Path::default(), secrets: Secrets::default(), keeps_headers, folder: Some(folder), shown });
        }
        if url.username() != "" && !url.scheme().starts_with("abfs") && url.scheme() != "az" {
            return Err(wrong("it has a user in it; credentials belong into the environment (docs/stores.md)"));
        }
        let settings: Vec<(String, String)> = environment.into_iter().filter(|(name, _)| name.starts_with(family)).collect();
        let secrets = Secrets::of(settings.iter().map(|(name, value)| (name.as_str(), value.as_str())));
        if let Some(name) = unguarded(&settings, family) {
            return Err(wrong(&format!("{name} has no https; set {family}ALLOW_HTTP=true if nobody can listen between here and there")));
        }
        // TLS without a provider of its own: whichever came first serves all.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let objects = connect(scheme, &url, &settings, patience).map_err(|error| wrong(&secrets.scrubbed(&error.to_string())))?;
        Ok(Self { objects, prefix, secrets, keeps_headers: true, folder: None, shown })
    }

    /// The address, without what may be a secret.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.shown
    }

    /// A store that is at hand already.
    #[cfg(test)]
    pub(crate) fn over(objects: Arc<dyn ObjectStore>, prefix: &str, keeps_headers: bool) -> Self {
        let (prefix, secrets) = (Path::from(prefix), Secrets::default());
        Self { objects, prefix, secrets, keeps_headers, folder: None, shown: "memory".to_owned() }
    }
}

impl fmt::Debug for Target {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Target").field("address", &self.shown).finish_non_exhaustive()
    }
}

/// The store of one of the three makers.
fn connect(
    scheme: ObjectStoreScheme,
    url: &Url,
    settings: &[(String, String)],
    patience: Duration,
) -> Result<Arc<dyn ObjectStore>, object_store::Error> {
    // What other tools of the maker know and this library does not is passed over.
    macro_rules! built {
        ($builder:ty) => {{
            let retry = RetryConfig { retry_timeout: patience, ..RetryConfig::default() };
            let mut builder = <$builder>::new().with_url(url.as_str()).with_retry(retry);
            for (name, value) in settings {
                if let Ok(key) = name.to_ascii_lowercase().parse() {
                    builder = builder.with_config(key, value);
                }
            }
            Arc::new(builder.build()?)
        }};
    }
    Ok(match scheme {
        ObjectStoreScheme::GoogleCloudStorage => built!(GoogleCloudStorageBuilder),
        ObjectStoreScheme::MicrosoftAzure => built!(MicrosoftAzureBuilder),
        _ => built!(AmazonS3Builder),
    })
}

/// The setting that leads to a store over HTTP though nothing allows that.
fn unguarded<'a>(settings: &'a [(String, String)], family: &str) -> Option<&'a str> {
    let allow = format!("{family}ALLOW_HTTP");
    let is_allowed = settings.iter().any(|(name, value)| *name == allow && matches!(value.to_ascii_lowercase().as_str(), "true" | "1"));
    let is_open =
        |(name, value): &&(String, String)| ENDPOINTS.contains(&name.as_str()) && value.to_ascii_lowercase().starts_with("http://");
    settings.iter().find(is_open).filter(|_| !is_allowed).map(|(name, _)| name.as_str())
}

/// An address without user, password, query and fragment; the container of `az://CONTAINER@ACCOUNT` stays.
fn shown(url: &Url) -> String {
    let container = match url.username() {
        name if !name.is_empty() && url.password().is_none() && (url.scheme().starts_with("abfs") || url.scheme() == "az") => {
            format!("{name}@")
        }
        _ => String::new(),
    };
    format!("{}://{container}{}{}", url.scheme(), url.host_str().unwrap_or_default(), url.path())
}

fn refused(to: &str, reason: &str) -> Error {
    Error::Target { to: to.to_owned(), reason: reason.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open(address: &str, environment: &[(&str, &str)]) -> Result<Target, Error> {
        let owned = environment.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Target::open(address, owned, Duration::from_secs(1))
    }

    fn said(address: &str, environment: &[(&str, &str)]) -> String {
        open(address, environment).unwrap_err().to_string()
    }

    const KEYS: [(&str, &str); 2] = [("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE"), ("AWS_SECRET_ACCESS_KEY", "labai-slaptas")];

    #[test]
    fn stores_of_three_makers_and_folders_are_known() {
        assert_eq!(open("s3://kibiras/portalas", &KEYS).unwrap().prefix.as_ref(), "portalas");
        assert_eq!(open("s3://kibiras", &KEYS).unwrap().prefix.as_ref(), "");
        assert!(open("gs://kibiras/portalas", &[("GOOGLE_SKIP_SIGNATURE", "true")]).is_ok());
        let azure = [("AZURE_STORAGE_ACCOUNT_NAME", "saskaita"), ("AZURE_STORAGE_ACCOUNT_KEY", "c2xhcHRhcw==")];
        assert!(open("az://talpykla/portalas", &azure).is_ok());
        let folder = tempfile::tempdir().unwrap();
        let url = Url::from_directory_path(folder.path()).unwrap();
        assert!(!open(url.as_str(), &[]).unwrap().keeps_headers);
    }

    #[test]
    fn sftp_is_refused_with_what_to_do_instead() {
        let said = said("sftp://naudotojas:slaptazodis@example.lt/www", &[]);
        assert!(said.contains("more than a place") && !said.contains("slaptazodis"), "{said}");
        let said = self::said("sftp://example.lt/www", &[]);
        assert!(said.contains("sshfs") && said.contains("rsync") && said.contains("file:///"), "{said}");
    }

    #[test]
    fn what_is_not_an_address_is_refused_without_repeating_it() {
        for address in ["nesamone slaptas", "ftp://slaptas@example.lt/", "s3://slaptas:slaptas@kibiras/", "s3://kibiras/?sig=slaptas"] {
            let said = said(address, &KEYS);
            assert!(said.starts_with("cannot publish to ") && !said.contains("slaptas"), "{said}");
        }
        assert!(said("file:///nera/tokio", &[]).contains("make the folder"));
        assert!(said("https://example.lt/portalas", &[]).contains("AWS_ENDPOINT_URL"));
    }

    #[test]
    fn a_store_without_tls_must_be_allowed() {
        let open_to_all = [KEYS[0], KEYS[1], ("AWS_ENDPOINT_URL", "http://127.0.0.1:1")];
        assert!(said("s3://kibiras", &open_to_all).contains("AWS_ENDPOINT_URL has no https; set AWS_ALLOW_HTTP=true"));
        let allowed = [KEYS[0], KEYS[1], ("AWS_ENDPOINT_URL", "http://127.0.0.1:1"), ("AWS_ALLOW_HTTP", "true")];
        assert!(open("s3://kibiras", &allowed).is_ok());
    }

    #[test]
    fn settings_that_are_not_right_are_named_without_secrets() {
        let said = said("az://talpykla/portalas", &[("AZURE_STORAGE_ACCOUNT_KEY", "ne base64 labai-slaptas")]);
        assert!(!said.contains("labai-slaptas"), "{said}");
    }

    #[test]
    fn a_target_shows_no_secret() {
        let target = open("s3://kibiras/portalas", &KEYS).unwrap();
        assert_eq!(format!("{target:?}"), "Target { address: \"s3://kibiras/portalas\", .. }");
    }
}
