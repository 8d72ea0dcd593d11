//! A store that dies at its n-th operation, before or after that took effect, and answers nothing from then on.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use futures_util::StreamExt;
use futures_util::stream::BoxStream;
use object_store::path::Path;
use object_store::{
    CopyOptions, Error, GetOptions, GetResult, ListResult, MultipartUpload, ObjectMeta, ObjectStore, ObjectStoreExt, PutMultipartOptions,
    PutOptions, PutPayload, PutResult, Result,
};

/// When it dies.
#[derive(Debug, Clone, Copy)]
pub(super) enum Death {
    /// The n-th operation, from 0, does nothing.
    Before(usize),
    /// The n-th operation is done, but nobody is told.
    After(usize),
    Never,
}

#[derive(Debug, Clone)]
pub(super) struct Frail {
    objects: Arc<dyn ObjectStore>,
    death: Death,
    operations: Arc<AtomicUsize>,
}

impl Frail {
    pub(super) fn new(objects: Arc<dyn ObjectStore>, death: Death) -> Self {
        Self { objects, death, operations: Arc::default() }
    }

    /// How many operations were asked for.
    pub(super) fn operations(&self) -> usize {
        self.operations.load(Ordering::Relaxed)
    }

    async fn attempt<T>(&self, operation: impl Future<Output = Result<T>>) -> Result<T> {
        let number = self.operations.fetch_add(1, Ordering::Relaxed);
        let dead = Error::Generic { store: "frail", source: "the plug was pulled".into() };
        match self.death {
            Death::Before(at) if number >= at => Err(dead),
            Death::After(at) if number > at => Err(dead),
            Death::After(at) if number == at => operation.await.and(Err(dead)),
            _ => operation.await,
        }
    }
}

impl fmt::Display for Frail {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "frail {}", self.objects)
    }
}

#[async_trait]
impl ObjectStore for Frail {
    async fn put_opts(&self, location: &Path, payload: PutPayload, options: PutOptions) -> Result<PutResult> {
        self.attempt(self.objects.put_opts(location, payload, options)).await
    }

    async fn put_multipart_opts(&self, location: &Path, options: PutMultipartOptions) -> Result<Box<dyn MultipartUpload>> {
        self.attempt(self.objects.put_multipart_opts(location, options)).await
    }

    async fn get_opts(&self, location: &Path, options: GetOptions) -> Result<GetResult> {
        self.attempt(self.objects.get_opts(location, options)).await
    }

    fn delete_stream(&self, locations: BoxStream<'static, Result<Path>>) -> BoxStream<'static, Result<Path>> {
        let store = self.clone();
        let delete = move |location: Result<Path>| {
            let store = store.clone();
            async move {
                let location = location?;
                store.attempt(store.objects.delete(&location)).await.map(|()| location)
            }
        };
        locations.then(delete).boxed()
    }

    fn list(&self, prefix: Option<&Path>) -> BoxStream<'static, Result<ObjectMeta>> {
        let (store, listed) = (self.clone(), self.objects.list(prefix));
        let first = async move { store.attempt(async { Ok(()) }).await };
        let stream = futures_util::stream::once(first).flat_map(move |alive| match alive {
            Ok(()) => futures_util::stream::empty().boxed(),
            Err(error) => futures_util::stream::once(async { Err(error) }).boxed(),
        });
        stream.chain(listed).boxed()
    }

    async fn list_with_delimiter(&self, prefix: Option<&Path>) -> Result<ListResult> {
        self.attempt(self.objects.list_with_delimiter(prefix)).await
    }

    async fn copy_opts(&self, from: &Path, to: &Path, options: CopyOptions) -> Result<()> {
        self.attempt(self.objects.copy_opts(from, to, options)).await
    }
}
