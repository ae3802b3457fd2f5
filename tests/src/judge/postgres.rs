//! A real PostgreSQL of its own: made in an empty folder, reached over a socket in that folder,
//! ended with the value.
//!
//! It listens on no port, and never runs as root, which it refuses.

use std::io;
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::{env, fs, process};

use lictor_lab::deadline::wait_for;

use super::wire::{Session, Transaction};
use super::{Judge, Tables, canaries};

/// The server, its folder and a session.
pub struct Postgres {
    session: Session,
    server: Server,
    fresh: Tables,
}

struct Server {
    child: Child,
    folder: PathBuf,
}

impl Postgres {
    /// Starts one.
    ///
    /// # Panics
    /// When there is none to be found, or it does not start.
    #[must_use]
    pub fn start() -> Self {
        let server = Server::start().unwrap_or_else(|cause| panic!("PostgreSQL: {cause}"));
        let socket = server.folder.join(".s.PGSQL.5432");
        let session = wait_for("a PostgreSQL that serves", || Session::open(&socket).ok());
        let session = session.unwrap_or_else(|cause| panic!("{cause}"));
        let mut judge = Self {
            session,
            server,
            fresh: Tables::new(),
        };
        judge.restore();
        judge.fresh = judge.tables();
        judge
    }

    /// The canary tables as they are before each text.
    #[must_use]
    pub fn fresh(&self) -> &Tables {
        &self.fresh
    }

    fn restore(&mut self) {
        let everything_away = "DO $$ DECLARE own name; BEGIN \
            FOR own IN SELECT nspname FROM pg_namespace \
            WHERE nspname !~ '^pg_' AND nspname <> 'information_schema' \
            LOOP EXECUTE format('DROP SCHEMA %I CASCADE', own); END LOOP; END $$; \
            CREATE SCHEMA public;";
        self.ask(&format!("{everything_away} {}", canaries()));
    }

    /// Every table with its rows and the rights on it, wherever it is.
    fn tables(&mut self) -> Tables {
        let rows = self.ask(
            "SELECT relname, relacl::text, query_to_xml(format('SELECT * FROM %I.%I ORDER BY 1', \
             nspname, relname), true, false, '')::text FROM pg_class \
             JOIN pg_namespace ON pg_namespace.oid = relnamespace WHERE relkind IN ('r', 'v', 'm') \
             AND nspname !~ '^pg_' AND nspname <> 'information_schema'",
        );
        let tables = rows.into_iter().filter_map(|row| {
            let [name, rights, content] = row.try_into().ok()?;
            let rows = content.split("<row>").skip(1);
            Some((name, rows.map(|row| format!("{rights} {row}")).collect()))
        });
        tables.collect()
    }

    fn ask(&mut self, text: &str) -> Vec<Vec<String>> {
        match self.session.run(text) {
            Ok(answer) => answer.rows,
            Err(cause) => panic!("{cause}, asked {text}"),
        }
    }
}

impl Judge for Postgres {
    fn run(&mut self, text: &str) -> Tables {
        let answer = match self.session.run(text) {
            Ok(answer) => answer,
            Err(cause) => panic!("{cause}, ran {text}"),
        };
        match answer.transaction {
            // The next call of the same client could do so.
            Some(Transaction::Sound) => self.ask("COMMIT"),
            Some(Transaction::Failed) => self.ask("ROLLBACK"),
            None => Vec::new(),
        };
        self.ask("DISCARD ALL");
        let tables = self.tables();
        if tables != self.fresh {
            self.restore();
        }
        tables
    }
}

impl Server {
    fn start() -> io::Result<Self> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        // Short, because the path of a socket may have a hundred bytes only.
        let folder = env::temp_dir().join(format!("lictor-judge-{}-{count}", process::id()));
        let binaries = binaries()?;
        fs::create_dir_all(&folder)?;
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o700))?;
        let user = unprivileged(&folder)?;
        if let Some((user, group)) = user {
            chown(&folder, Some(user), Some(group))?;
        }
        let data = folder.join("data");
        let made = command(&binaries, "initdb", user, &folder)
            .args([
                "--no-sync",
                "--auth=trust",
                "--username=judge",
                "-E",
                "UTF8",
                "--locale=C",
            ])
            .arg("--pgdata")
            .arg(&data)
            .output()?;
        if !made.status.success() {
            return Err(io::Error::other(String::from_utf8_lossy(&made.stderr)));
        }
        let child = command(&binaries, "postgres", user, &folder)
            .arg("-D")
            .arg(&data)
            .arg("-k")
            .arg(&folder)
            .args(["-h", "", "-F"])
            .args(["-c", "autovacuum=off", "-c", "statement_timeout=5000"])
            .args(["-c", "shared_buffers=16MB", "-c", "jit=off"])
            .spawn()?;
        Ok(Self { child, folder })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself, and nothing in the folder is worth a clean shutdown.
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

impl std::fmt::Debug for Postgres {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Postgres in {}", self.server.folder.display())
    }
}

fn command(binaries: &Path, name: &str, user: Option<(u32, u32)>, folder: &Path) -> Command {
    let mut command = Command::new(binaries.join(name));
    command
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    if let Some((user, group)) = user {
        command.uid(user).gid(group);
    }
    command
}

/// The folder of the server's programs: `POSTGRES_BIN`, or the newest that Debian has, or the
/// PATH's.
///
/// # Errors
/// When there is none.
pub fn binaries() -> io::Result<PathBuf> {
    if let Some(given) = env::var_os("POSTGRES_BIN") {
        return Ok(PathBuf::from(given));
    }
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten();
    let mut folders: Vec<PathBuf> = versions
        .flatten()
        .map(|one| one.path().join("bin"))
        .collect();
    folders.sort();
    let path = env::var_os("PATH").unwrap_or_default();
    let mut all = folders.into_iter().rev().chain(env::split_paths(&path));
    all.find(|folder| folder.join("initdb").is_file())
        .ok_or_else(|| {
            io::Error::other(
                "none found: `cargo xtask test` gets one, or name the folder of `initdb` in POSTGRES_BIN",
            )
        })
}

/// Who the server runs as where we are root: user and group by number.
fn unprivileged(folder: &Path) -> io::Result<Option<(u32, u32)>> {
    use std::os::unix::fs::MetadataExt;
    if fs::metadata(folder)?.uid() != 0 {
        return Ok(None);
    }
    let users = fs::read_to_string("/etc/passwd")?;
    let found = ["postgres", "nobody"].iter().find_map(|name| {
        let line = users
            .lines()
            .find(|line| line.split(':').next() == Some(name))?;
        let mut fields = line.split(':').skip(2).map(str::parse);
        Some((fields.next()?.ok()?, fields.next()?.ok()?))
    });
    Ok(found)
}
