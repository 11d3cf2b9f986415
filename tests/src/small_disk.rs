//! A small disk of one's own: a tmpfs that can be filled and emptied.

use std::fs::{self, File};
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::process::Command;

/// A tmpfs at a folder. Taken away when it is dropped.
pub(crate) struct SmallDisk {
    path: PathBuf,
}

/// What is written at once to fill it.
const PAGE: usize = 4096;

impl SmallDisk {
    /// Puts an empty one at a path, where a folder is made.
    #[track_caller]
    pub(crate) fn at(path: &Path, mebibytes: u64) -> Self {
        fs::create_dir_all(path).expect("a folder can be made");
        let size = format!("size={mebibytes}m,mode=700");
        let mut mount = Command::new("mount");
        let mounted = mount.args(["-t", "tmpfs", "-o", &size, "tmpfs"]).arg(path).output();
        let mounted = mounted.expect("there is no command `mount`; install it: apt-get install -y mount");
        assert!(
            mounted.status.success(),
            "a small disk cannot be mounted ({}): it takes root with CAP_SYS_ADMIN; run the tests as root, or under \
             `unshare --map-root-user --mount`",
            String::from_utf8_lossy(&mounted.stderr).trim()
        );
        Self { path: path.to_owned() }
    }

    /// How many bytes are free.
    #[track_caller]
    pub(crate) fn free(&self) -> u64 {
        let output = Command::new("df").args(["--output=avail", "-B1"]).arg(&self.path).output();
        let text = String::from_utf8(output.expect("there is df").stdout).expect("df writes UTF-8");
        let free = text.lines().nth(1).and_then(|line| line.trim().parse().ok());
        free.unwrap_or_else(|| panic!("df says {text:?}"))
    }

    /// Fills it with something else, until no more than so many bytes are free.
    #[track_caller]
    pub(crate) fn fill_up_to(&self, free: u64) {
        let mut filler = File::options().create(true).append(true).open(self.filler()).expect("it can be filled");
        let page = [b'x'; PAGE];
        let n_pages = self.free().saturating_sub(free).div_ceil(u64::try_from(PAGE).expect("small"));
        for _ in 0..n_pages {
            match filler.write_all(&page) {
                Ok(()) => {}
                Err(error) if error.kind() == ErrorKind::StorageFull => break,
                Err(error) => panic!("it cannot be filled: {error}"),
            }
        }
        assert!(self.free() <= free, "{} bytes are free", self.free());
    }

    /// Takes away what it was filled with.
    #[track_caller]
    pub(crate) fn make_room(&self) {
        fs::remove_file(self.filler()).expect("it was filled");
    }

    fn filler(&self) -> PathBuf {
        self.path.join("something-else")
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // Whatever still holds a file there keeps it until it ends.
        let unmounted = Command::new("umount").arg("--lazy").arg(&self.path).status();
        drop(unmounted);
    }
}
