//! Two publishers of one store, and stores that cannot write conditionally.

use std::fmt;
use std::sync::Mutex;

use async_trait::async_trait;
use futures_util::stream::BoxStream;
use object_store::{
    CopyOptions, GetOptions, GetResult, ListResult, MultipartUpload, ObjectMeta, PutMode, PutMultipartOptions, PutOptions, PutPayload,
    PutResult,
};

use super::*;

const NIGHT: [(&str, &str); 2] = [("index.html", "<p>1"), ("a.csv", "1")];

type Interruption = Box<dyn FnOnce() + Send>;

/// A store in which something happens just before the pointer is first written, and that may refuse conditional writes.
struct Shared {
    objects: Arc<InMemory>,
    meanwhile: Mutex<Option<Interruption>>,
    conditional: bool,
}

impl Shared {
    fn target(objects: &Arc<InMemory>, conditional: bool, meanwhile: impl FnOnce() + Send + 'static) -> Target {
        target(Arc::new(Self { objects: objects.clone(), meanwhile: Mutex::new(Some(Box::new(meanwhile))), conditional }))
    }
}

impl fmt::Debug for Shared {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("shared")
    }
}

impl fmt::Display for Shared {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("shared")
    }
}

#[async_trait]
impl ObjectStore for Shared {
    async fn put_opts(&self, location: &Path, payload: PutPayload, options: PutOptions) -> object_store::Result<PutResult> {
        let meanwhile = if location.filename() == Some("latest.json") { self.meanwhile.lock().unwrap().take() } else { None };
        if let Some(meanwhile) = meanwhile {
            // In a thread of its own, as the other publisher is.
            std::thread::spawn(meanwhile).join().unwrap();
        }
        if !self.conditional && options.mode != PutMode::Overwrite {
            return Err(object_store::Error::NotImplemented { operation: "a condition".to_owned(), implementer: "shared".to_owned() });
        }
        self.objects.put_opts(location, payload, options).await
    }

    async fn put_multipart_opts(&self, location: &Path, options: PutMultipartOptions) -> object_store::Result<Box<dyn MultipartUpload>> {
        self.objects.put_multipart_opts(location, options).await
    }

    async fn get_opts(&self, location: &Path, options: GetOptions) -> object_store::Result<GetResult> {
        self.objects.get_opts(location, options).await
    }

    fn delete_stream(&self, locations: BoxStream<'static, object_store::Result<Path>>) -> BoxStream<'static, object_store::Result<Path>> {
        self.objects.delete_stream(locations)
    }

    fn list(&self, prefix: Option<&Path>) -> BoxStream<'static, object_store::Result<ObjectMeta>> {
        self.objects.list(prefix)
    }

    async fn list_with_delimiter(&self, prefix: Option<&Path>) -> object_store::Result<ListResult> {
        self.objects.list_with_delimiter(prefix).await
    }

    async fn copy_opts(&self, from: &Path, to: &Path, options: CopyOptions) -> object_store::Result<()> {
        self.objects.copy_opts(from, to, options).await
    }
}

#[test]
fn of_two_publishers_at_once_the_slower_is_refused_and_overwrites_nothing() {
    for (conditional, begun) in [(true, true), (true, false), (false, true), (false, false)] {
        let (home, objects) = (tempfile::tempdir().unwrap(), memory());
        if begun {
            go(&target(objects.clone()), &release(home.path(), 1, &NIGHT)).unwrap();
        }
        let (slower, faster) = (release(home.path(), 2, &NIGHT), release(home.path(), 3, &[("index.html", "<p>3")]));
        let other = objects.clone();
        let to = Shared::target(&objects, conditional, move || drop(go(&target(other), &faster).unwrap()));
        let refused = go(&to, &slower).unwrap_err();
        assert!(matches!(&refused, Error::Overtaken { path } if path == "latest.json"), "{refused}");
        assert_eq!(seen(&*objects), Ok(Some("000003-2026-03-03".to_owned())));
        let (page, _) = object(&*objects, "index.html").unwrap();
        assert!(String::from_utf8_lossy(&page).contains("000003"));
    }
}

#[test]
fn a_store_without_conditional_writes_is_published_to_by_one() {
    let (home, objects) = (tempfile::tempdir().unwrap(), memory());
    for number in 1..=2 {
        let to = Shared::target(&objects, false, || {});
        assert!(go(&to, &release(home.path(), number, &NIGHT)).unwrap().pointed);
    }
    assert_eq!(seen(&*objects), Ok(Some("000002-2026-03-02".to_owned())));
}

#[test]
fn what_lies_at_the_pointers_place_and_is_none_is_not_overwritten() {
    let home = tempfile::tempdir().unwrap();
    for foreign in ["{\"release\": \"v1\"}".to_owned(), "x".repeat(2 << 20)] {
        let objects = memory();
        let to = target(objects.clone());
        run(to.put("latest.json", foreign.clone().into(), Attributes::new())).unwrap();
        let refused = go(&to, &release(home.path(), 1, &NIGHT)).unwrap_err();
        assert!(matches!(refused, Error::Pointer { .. }), "{refused}");
        assert_eq!(object(&*objects, "latest.json").unwrap().0, foreign.as_bytes());
        assert_eq!(addresses(&*objects), ["latest.json"]);
    }
}

#[test]
fn a_pointer_with_new_words_for_the_same_release_moves() {
    let (home, objects) = (tempfile::tempdir().unwrap(), memory());
    let to = target(objects.clone());
    let (release, mut pointer) = release(home.path(), 1, &NIGHT);
    publish(&to, &release, Some(&pointer), &Options::default(), &|_| {}).unwrap();
    // Signed anew, with a later day of expiry.
    let mut latest: Value = serde_json::from_slice(&pointer.files[1].1).unwrap();
    latest["expires"] = json!("2026-04-01");
    pointer.files[1].1 = serde_json::to_vec(&latest).unwrap();
    pointer.files[2].1 = format!("parašas {}", sha256(&pointer.files[1].1)).into_bytes();
    let report = publish(&to, &release, Some(&pointer), &Options::default(), &|_| {}).unwrap();
    assert!(report.pointed);
    assert_eq!(object(&*objects, "latest.json").unwrap().0, pointer.files[1].1);
    assert_eq!(seen(&*objects), Ok(Some(release.name.clone())));
    let signatures = addresses(&*objects).into_iter().filter(|address| address.starts_with("pointers/")).count();
    assert_eq!(signatures, 2, "whoever read the pointer before still finds its signature");
}
