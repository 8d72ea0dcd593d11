//! tmp
use catalog::Tier;
use metadata::{DataFile, Described, DescribedTable};
use std::path::Path;
mod sample;
#[test]
fn real() {
    let catalog = sample::catalog();
    for tier in [Tier::Open, Tier::Public] {
        let src = Path::new("/tmp/sample/portal/latest").join(tier.name());
        let manifest: serde_json::Value = serde_json::from_slice(&std::fs::read(src.join("manifest.json")).unwrap()).unwrap();
        let mut described: Described<'_> = sample::described(&catalog, tier);
        let find = |path: &str| {
            manifest["files"]
                .as_array()
                .unwrap()
                .iter()
                .find(|f| f["path"].as_str().unwrap().trim_start_matches(&format!("{tier}/")) == path)
                .map(|f| DataFile {
                    path: path.to_owned(),
                    bytes: f["bytes"].as_u64().unwrap(),
                    sha256: f["sha256"].as_str().unwrap().to_owned(),
                })
        };
        for dataset in &mut described.datasets {
            for table in &mut dataset.tables {
                let DescribedTable { files, .. } = table;
                *files = files.iter().filter_map(|f| find(&f.path)).collect();
            }
            dataset.tables.retain(|t| !t.files.is_empty());
        }
        described.datasets.retain(|d| !d.tables.is_empty());
        described.whole = described.whole.iter().filter_map(|f| find(&f.path)).collect();
        let out = Path::new("/tmp/dcatreal").join(tier.name()); for (path, bytes) in metadata::describe(&described).unwrap() { let p = out.join(path); std::fs::create_dir_all(p.parent().unwrap()).unwrap(); std::fs::write(p, bytes).unwrap(); }
        for (path, bytes) in dcat::describe(&described).unwrap() {
            std::fs::write(out.join(path), bytes).unwrap();
        }
        for d in &described.datasets {
            std::fs::write(out.join(format!("{}.schema.json", d.dataset.name)), dcat::for_script(&dcat::dataset_json_ld(&described, d)))
                .unwrap();
        }
    }
}
