//! A secret key in minisign's format without a password, as a program needs it that signs at night. Only its owner may read the file,
//! memory that held it is overwritten, and nothing prints it.
//!
//! Signatures are those of RFC 8032: the same bytes give the same signature. Minisign's own library adds random bytes, and its keys can be
//! printed.

use std::fmt;
use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Read, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use blake2::digest::consts::U32;
use blake2::{Blake2b, Blake2b512, Digest};
use ed25519_dalek::{Signer as _, SigningKey};
use zeroize::{Zeroize, Zeroizing};

use crate::public_key::{ALGORITHM, COMMENT, NUMBER_BYTES, PublicKey};

/// Of what a file holds: `Ed`, two zeros for "no password", `B2`, the parameters of the password, number, key and public key, checksum.
const BYTES: usize = NUMBER_AT + NUMBER_BYTES + 64 + 32;
const NUMBER_AT: usize = 2 + 2 + 2 + 32 + 8 + 8;
const SEED_AT: usize = NUMBER_AT + NUMBER_BYTES;
const CHECKSUM_AT: usize = SEED_AT + 64;
const CHECKSUM: [u8; 2] = *b"B2";
/// Rights of everybody but the owner.
const OTHERS: u32 = 0o077;
/// A key's file has fewer bytes.
const AT_MOST: u64 = 4096;
/// What a signature's file begins with where what is signed is hashed first.
const HASHED: [u8; 2] = *b"ED";

/// What lists of keys, pointers and manifests are signed with.
pub struct SecretKey {
    number: [u8; NUMBER_BYTES],
    key: SigningKey,
    public: PublicKey,
}

/// A secret key cannot be made, read or written.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The file system refused something.
    #[error("signing key {path}: cannot {action} it: {source}; check that it is there and belongs to the user who runs the program")]
    Io {
        /// What was attempted, as a verb.
        action: &'static str,
        /// The file.
        path: PathBuf,
        /// The operating system's reason.
        source: std::io::Error,
    },
    /// There is a key already.
    #[error("signing key {path} already exists; readers trust it, so it is never overwritten. Move it away first, or name another file")]
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// Others may read it.
    #[error(
        "signing key {path}: others than its owner may read it (mode {mode:o}); set its mode to 0600, and if somebody may have read it, \
         replace the key"
    )]
    Open {
        /// The file.
        path: PathBuf,
        /// Its mode.
        mode: u32,
    },
    /// It is protected by a password, which nobody types at night.
    #[error("signing key {path} is protected by a password; remove it with `minisign -C -W -s FILE`, or make a key without one")]
    Password {
        /// The file.
        path: PathBuf,
    },
    /// It is no key, or was damaged.
    #[error("signing key {path} is no secret key in minisign's format, or is damaged; restore it from your copy")]
    Damaged {
        /// The file.
        path: PathBuf,
    },
    /// The system has no random bytes.
    #[error("cannot get random bytes from the system: {reason}")]
    Random {
        /// The system's reason.
        reason: String,
    },
}

impl SecretKey {
    /// A new key from random bytes of the system.
    ///
    /// # Errors
    /// [`KeyError::Random`].
    pub fn generate() -> Result<Self, KeyError> {
        let (mut seed, mut number) = (Zeroizing::new([0; 32]), [0; NUMBER_BYTES]);
        let filled = getrandom::fill(seed.as_mut()).and_then(|()| getrandom::fill(&mut number));
        filled.map_err(|error| KeyError::Random { reason: error.to_string() })?;
        Self::of(number, &seed).ok_or_else(|| KeyError::Random { reason: "they made no key".to_owned() })
    }

    fn of(number: [u8; NUMBER_BYTES], seed: &[u8; 32]) -> Option<Self> {
        let key = SigningKey::from_bytes(seed);
        let public = PublicKey::of(number, &key.verifying_key().to_bytes()).ok()?;
        Some(Self { number, key, public })
    }

    /// Reads a key from a file that only its owner may read.
    ///
    /// # Errors
    /// [`KeyError`]; none of them holds anything of the file.
    pub fn read(path: &Path) -> Result<Self, KeyError> {
        let io = |source| KeyError::Io { action: "read", path: path.to_owned(), source };
        let file = File::open(path).map_err(io)?;
        // Of the very file that is read, not of what may have been put there since.
        let mode = file.metadata().map_err(io)?.permissions().mode();
        if mode & OTHERS != 0 {
            return Err(KeyError::Open { path: path.to_owned(), mode: mode & 0o7777 });
        }
        let mut text = Zeroizing::new(Vec::with_capacity(AT_MOST as usize));
        file.take(AT_MOST).read_to_end(&mut text).map_err(io)?;
        let damaged = || KeyError::Damaged { path: path.to_owned() };
        let bytes = decode(&text).ok_or_else(damaged)?;
        if bytes[2..4] != [0; 2] {
            return Err(KeyError::Password { path: path.to_owned() });
        }
        Self::parse(&bytes).ok_or_else(damaged)
    }

    /// The key in what a file holds, if its parts fit together.
    fn parse(bytes: &[u8; BYTES]) -> Option<Self> {
        let number = bytes[NUMBER_AT..SEED_AT].try_into().ok()?;
        let seed: Zeroizing<[u8; 32]> = Zeroizing::new(bytes[SEED_AT..SEED_AT + 32].try_into().ok()?);
        let key = Self::of(number, &seed)?;
        let fits = key.key.verifying_key().as_bytes().as_slice() == &bytes[SEED_AT + 32..CHECKSUM_AT];
        // `minisign -G -W` leaves the checksum empty.
        let sound = [key.checksum(), [0; 32]].iter().any(|checksum| checksum == &bytes[CHECKSUM_AT..]);
        (bytes.starts_with(&ALGORITHM) && bytes[4..6] == CHECKSUM && fits && sound).then_some(key)
    }

    /// Writes it to a new file that only its owner may read.
    ///
    /// # Errors
    /// [`KeyError::Exists`], [`KeyError::Io`].
    pub fn write(&self, path: &Path) -> Result<(), KeyError> {
        let io = |source: std::io::Error| match source.kind() {
            ErrorKind::AlreadyExists => KeyError::Exists { path: path.to_owned() },
            _ => KeyError::Io { action: "write", path: path.to_owned(), source },
        };
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path).map_err(io)?;
        file.write_all(self.file().as_bytes()).and_then(|()| file.sync_all()).map_err(io)
    }

    fn file(&self) -> Zeroizing<String> {
        let mut bytes = Zeroizing::new([0; BYTES]);
        bytes[..2].copy_from_slice(&ALGORITHM);
        bytes[4..6].copy_from_slice(&CHECKSUM);
        bytes[NUMBER_AT..SEED_AT].copy_from_slice(&self.number);
        bytes[SEED_AT..SEED_AT + 32].copy_from_slice(self.key.as_bytes());
        bytes[SEED_AT + 32..CHECKSUM_AT].copy_from_slice(self.key.verifying_key().as_bytes());
        bytes[CHECKSUM_AT..].copy_from_slice(&self.checksum());
        let line = Zeroizing::new(STANDARD.encode(bytes.as_slice()));
        Zeroizing::new([COMMENT, "minisign secret key ", &self.public.number(), "\n", &line, "\n"].concat())
    }

    fn checksum(&self) -> [u8; 32] {
        let hash = Blake2b::<U32>::new().chain_update(ALGORITHM).chain_update(self.number);
        hash.chain_update(self.key.as_bytes()).chain_update(self.key.verifying_key().as_bytes()).finalize().into()
    }

    /// What signatures by it are checked with.
    #[must_use]
    pub fn public_key(&self) -> &PublicKey {
        &self.public
    }

    /// The signature of these bytes as `minisign -Sm` writes it, which also signs the comment.
    pub(crate) fn sign(&self, bytes: &[u8], trusted_comment: &str) -> String {
        let signature = self.key.sign(&Blake2b512::digest(bytes)).to_bytes();
        let commented = self.key.sign(&[signature.as_slice(), trusted_comment.as_bytes()].concat()).to_bytes();
        let signature = [HASHED.as_slice(), &self.number, &signature].concat();
        format!(
            "{COMMENT}signature from key {}\n{}\ntrusted comment: {trusted_comment}\n{}\n",
            self.public.number(),
            STANDARD.encode(signature),
            STANDARD.encode(commented)
        )
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "SecretKey({}, not shown)", self.public.number())
    }
}

/// What the second line of a key's file holds.
fn decode(text: &[u8]) -> Option<Zeroizing<[u8; BYTES]>> {
    let mut lines = std::str::from_utf8(text).ok()?.lines();
    let line = lines.next().filter(|line| line.starts_with(COMMENT)).and_then(|_| lines.next())?;
    let mut decoded = STANDARD.decode(line.trim()).ok()?;
    let bytes = decoded.as_slice().try_into().ok().map(Zeroizing::new);
    decoded.zeroize();
    bytes
}

#[cfg(test)]
mod tests {
    use std::fs::{self, Permissions};

    use super::*;

    /// Made by `minisign -G -W` for this test, and used for nothing else.
    const OF_MINISIGN: &str = "untrusted comment: minisign encrypted secret key\n\
        RWQAAEIyAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA5J8AJKHhmVaNOyGXTRE2seIdpQcdJTvGfGRBCKhEXK/tFFjX\
        4D5iOjOKHseQqDnZFHw3mzeKQQ3jtTILYn0f8QAFw8mz/pGfAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n";
    const ITS_PUBLIC_KEY: &str = "RWTknwAkoeGZVjOKHseQqDnZFHw3mzeKQQ3jtTILYn0f8QAFw8mz/pGf";

    fn written(home: &Path, text: &str) -> PathBuf {
        let path = home.join("signing.key");
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, Permissions::from_mode(0o600)).unwrap();
        path
    }

    #[test]
    fn a_key_of_minisign_is_read() {
        let home = tempfile::tempdir().unwrap();
        let key = SecretKey::read(&written(home.path(), OF_MINISIGN)).unwrap();
        assert_eq!(key.public_key().text(), ITS_PUBLIC_KEY);
        // What `minisign -Sm` wrote of "hi\n" with this comment; Ed25519 leaves nothing to chance.
        let signature = key.sign(b"hi\n", "kind:x\ta:b");
        assert!(
            signature.contains("\nRUTknwAkoeGZVkMm3j/VYgmvLMw3VGXzNwI/mQvsIEkcUvi9+xW+lJ6u3zd9UdBchflpCqv6JA67ItSQnjSsCL1vX8U81D9lgg8=\n")
        );
        assert!(signature.ends_with("\n6TMonUEkMrqYViEE0k+X5Q6P0+CORgLq6kBAcSu32p8UTooNQ60be7YcaUddRdDi29qoPxhg0AIzRjZ6evhkBA==\n"));
    }

    #[test]
    fn a_key_is_written_for_its_owner_alone_and_read_again() {
        let home = tempfile::tempdir().unwrap();
        let (path, key) = (home.path().join("new.key"), SecretKey::generate().unwrap());
        key.write(&path).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(SecretKey::read(&path).unwrap().sign(b"a", "b"), key.sign(b"a", "b"), "the same bytes twice");
        assert!(matches!(key.write(&path), Err(KeyError::Exists { .. })));
        assert_ne!(SecretKey::generate().unwrap().public_key(), key.public_key());
    }

    #[test]
    fn a_key_that_others_may_read_is_refused() {
        let home = tempfile::tempdir().unwrap();
        let path = written(home.path(), OF_MINISIGN);
        for mode in [0o640, 0o604, 0o620, 0o610, 0o644] {
            fs::set_permissions(&path, Permissions::from_mode(mode)).unwrap();
            assert!(matches!(SecretKey::read(&path), Err(KeyError::Open { mode: found, .. }) if found == mode));
        }
        fs::set_permissions(&path, Permissions::from_mode(0o400)).unwrap();
        assert!(SecretKey::read(&path).is_ok());
    }

    #[test]
    fn a_damaged_key_and_one_with_a_password_are_refused() {
        let home = tempfile::tempdir().unwrap();
        let line = OF_MINISIGN.lines().nth(1).unwrap();
        let whole = STANDARD.decode(line).unwrap();
        let text = |bytes: &[u8]| format!("{COMMENT}x\n{}\n", STANDARD.encode(bytes));
        let changed = |at: usize| {
            let mut bytes = whole.clone();
            bytes[at] ^= 1;
            SecretKey::read(&written(home.path(), &text(&bytes)))
        };
        for at in [0, 4, SEED_AT, SEED_AT + 40, CHECKSUM_AT] {
            assert!(matches!(changed(at), Err(KeyError::Damaged { .. })), "{at}");
        }
        assert!(matches!(changed(2), Err(KeyError::Password { .. })));
        for short in ["", "x", line, &text(&whole[1..])] {
            assert!(matches!(SecretKey::read(&written(home.path(), short)), Err(KeyError::Damaged { .. })));
        }
        // With the number of another key the checksum that this crate writes does not fit.
        let key = SecretKey::generate().unwrap();
        let mut bytes = STANDARD.decode(key.file().lines().nth(1).unwrap()).unwrap();
        bytes[NUMBER_AT] ^= 1;
        assert!(matches!(SecretKey::read(&written(home.path(), &text(&bytes))), Err(KeyError::Damaged { .. })));
    }

    #[test]
    fn a_key_is_never_printed() {
        let home = tempfile::tempdir().unwrap();
        let key = SecretKey::read(&written(home.path(), OF_MINISIGN)).unwrap();
        let said = format!("{key:?}");
        let bytes = key.key.to_bytes();
        let secrets = [STANDARD.encode(bytes), hex::encode(bytes), hex::encode(bytes).to_uppercase(), format!("{bytes:?}")];
        assert!(said.contains("5699E1A124009FE4") && secrets.iter().all(|secret| !said.contains(&secret[..12])), "{said}");
        fs::set_permissions(home.path().join("signing.key"), Permissions::from_mode(0o644)).unwrap();
        let refused = SecretKey::read(&home.path().join("signing.key")).unwrap_err();
        assert!(!refused.to_string().contains("jTsh") && !format!("{refused:?}").contains("jTsh"));
    }
}
