//! The SQL engine of a cluster: tables lie in the shared folder, statements run on workers, and nothing but row counts comes over the network.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};

use arrow::array::RecordBatch;
use pipelines::Cluster;
use transforms::{Engine, Error};

use crate::guard;
use crate::messages::{Catalog, Command, CommandKind, CreateView, DataSource, DropTempView, PlanKind, Read, Relation, RelationKind};
use crate::parts::{Parts, address};
use crate::session::{Remote, Session};
use crate::trouble::Trouble;

/// Apache Spark.
struct Spark {
    session: Session,
    /// Everything in it is of this night.
    folder: PathBuf,
    tables: BTreeMap<String, Parts>,
    /// Tables that statements see.
    shown: BTreeSet<String>,
    /// How many folders were made: no name is ever used twice.
    made: usize,
}

/// Opens an engine on a cluster, whose tables lie in an empty folder.
///
/// # Errors
/// The cluster cannot be reached, refuses the token, or does not keep a setting.
pub(crate) fn open(cluster: &Cluster, folder: &Path) -> Result<Box<dyn Engine>, Error> {
    let remote = Remote {
        host: cluster.host.clone(),
        port: cluster.port,
        tls: cluster.tls,
        authorities: cluster.authorities.clone(),
        token: cluster.token.clone(),
        partitions: cluster.partitions,
        statement: cluster.statement,
    };
    let opened = || -> Result<Spark, Trouble> {
        let mut session = Session::open(&remote)?;
        let version = session.version()?;
        if !version.starts_with("4.") {
            return Err(Trouble(format!("it is Apache Spark {version}, and nobody has tried statements on another than 4")));
        }
        Ok(Spark { session, folder: folder.to_owned(), tables: BTreeMap::new(), shown: BTreeSet::new(), made: 0 })
    };
    opened().map(|spark| Box::new(spark) as Box<dyn Engine>).map_err(|trouble| Error::Cluster { reason: trouble.0 })
}

impl Spark {
    fn new_folder(&mut self) -> PathBuf {
        self.made += 1;
        self.folder.join(format!("table-{}", self.made))
    }

    fn table(&self, name: &str) -> Result<&Parts, Trouble> {
        self.tables.get(name).ok_or_else(|| Trouble(format!("there is no table {name}")))
    }

    /// Runs a statement that sees the tables of `needs` and no others.
    fn run(&mut self, sql: &str, needs: &[String]) -> Result<Parts, Trouble> {
        let sql = guard::checked(sql)?;
        self.show(needs)?;
        let files = self.session.input_files(sql)?;
        let seen = |file: &String| self.shown.iter().filter_map(|name| self.tables.get(name)).any(|table| table.holds(file));
        if !files.iter().all(seen) {
            return Err(Trouble::new("it reads files that are no tables; a statement reads the tables that its line `-- needs:` names"));
        }
        let folder = self.new_folder();
        let rows = self.session.write(sql, &address(&folder))?;
        Parts::find(&folder, rows)
    }

    /// Makes exactly the tables of `needs` visible.
    fn show(&mut self, needs: &[String]) -> Result<(), Trouble> {
        let wanted: BTreeSet<String> = needs.iter().cloned().collect();
        for name in self.shown.difference(&wanted).cloned().collect::<Vec<_>>() {
            let drop = Catalog { drop_temp_view: Some(DropTempView { view_name: name.clone() }) };
            self.session.execute(PlanKind::Root(Relation { kind: Some(RelationKind::Catalog(drop)) }))?;
            self.shown.remove(&name);
        }
        for name in wanted.difference(&self.shown.clone()) {
            let parts = self.table(name)?;
            let files = DataSource {
                format: Some("parquet".to_owned()),
                schema: Some(parts.columns()?),
                options: HashMap::new(),
                paths: vec![parts.address()],
            };
            let input = Relation { kind: Some(RelationKind::Read(Read { data_source: Some(files) })) };
            let view = CreateView { input: Some(input), name: name.clone(), is_global: false, replace: false };
            self.session.execute(PlanKind::Command(Command { kind: Some(CommandKind::CreateView(view)) }))?;
            self.shown.insert(name.clone());
        }
        Ok(())
    }
}

impl Engine for Spark {
    fn register(&mut self, name: &str, rows: &RecordBatch) -> Result<(), Error> {
        let folder = self.new_folder();
        let parts = Parts::write(&folder, rows).map_err(of(name))?;
        self.tables.insert(name.to_owned(), parts);
        Ok(())
    }

    fn keep(&mut self, file: &str, sql: &str, needs: &[String], name: &str) -> Result<(), Error> {
        let parts = self.run(sql, needs).map_err(of(file))?;
        self.tables.insert(name.to_owned(), parts);
        Ok(())
    }

    fn query(&mut self, file: &str, sql: &str, needs: &[String]) -> Result<RecordBatch, Error> {
        let parts = self.run(sql, needs).map_err(of(file))?;
        let rows = parts.read().map_err(of(file))?;
        parts.remove().map_err(of(file))?;
        Ok(rows)
    }

    fn rows(&mut self, name: &str, part: &mut dyn FnMut(RecordBatch) -> Result<(), Error>) -> Result<(), Error> {
        self.table(name).map_err(of(name))?.each(of(name), part)
    }

    fn forget(&mut self, name: &str) -> Result<(), Error> {
        let shown: Vec<String> = self.shown.iter().filter(|shown| *shown != name).cloned().collect();
        self.show(&shown).map_err(of(name))?;
        let parts = self.tables.remove(name).ok_or_else(|| of(name)(Trouble(format!("there is no table {name}"))))?;
        parts.remove().map_err(of(name))
    }
}

fn of(file: &str) -> impl Fn(Trouble) -> Error + '_ {
    move |trouble| Error::Sql { file: file.to_owned(), reason: trouble.0 }
}
