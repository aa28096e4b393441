//! What the figures were measured on.

use serde::Serialize;

/// The machine and the build.
#[derive(Clone, Debug, Serialize)]
pub struct Machine {
    /// Model of the processor.
    pub processor: String,
    /// Cores that this process may use.
    pub cores: usize,
    /// Kernel and its version.
    pub system: String,
    /// Which instructions the whole build may use.
    pub build: &'static str,
    /// Whose allocator.
    pub allocator: &'static str,
    /// The core all contestants are pinned to.
    pub pinned: Option<usize>,
}

impl Machine {
    /// This one; pins the thread to its last core.
    pub fn pin() -> Self {
        let cores = core_affinity::get_core_ids().unwrap_or_default();
        let pinned = cores.last().filter(|core| core_affinity::set_for_current(**core)).map(|core| core.id);
        let read = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
        let information = read("/proc/cpuinfo");
        let field = |name: &str| {
            let line = information.lines().find(|line| line.starts_with(name))?;
            line.split_once(':').map(|(_, value)| value.trim().to_owned())
        };
        let mut processor = field("model name").unwrap_or_else(|| std::env::consts::ARCH.to_owned());
        if let (Some(family), Some(model)) = (field("cpu family"), field("model\t")) {
            processor = format!("{processor} (family {family}, model {model})");
        }
        Self {
            processor,
            cores: cores.len(),
            system: format!(
                "{} {}",
                read("/proc/sys/kernel/ostype").trim(),
                read("/proc/sys/kernel/osrelease").trim()
            ),
            build: if cfg!(target_feature = "avx2") { "x86-64-v3" } else { "baseline" },
            allocator: "glibc malloc, calls counted",
            pinned,
        }
    }
}
