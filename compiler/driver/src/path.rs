//! Workspace-relative paths: joined, made plain, and kept inside the workspace. Knows no disk.

/// Why a path is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PathError {
    /// It starts at the root of a disk.
    Absolute,
    /// It leads out of the workspace.
    Outside,
    /// It is empty or holds a character that no path has.
    Odd,
}

impl PathError {
    /// What is wrong, in words.
    pub fn words(self) -> &'static str {
        match self {
            PathError::Absolute => "starts at the root of a disk",
            PathError::Outside => "leads out of the workspace",
            PathError::Odd => "is not a file path",
        }
    }
}

/// `path` seen from `folder`, both with `/`, as one plain path below the workspace.
///
/// # Errors
/// The path is absolute, or leads out of the workspace, or is no path.
pub fn join(folder: &str, path: &str) -> Result<String, PathError> {
    if path.is_empty() || path.chars().any(char::is_control) {
        return Err(PathError::Odd);
    }
    let drive = path.as_bytes().get(1) == Some(&b':');
    if path.starts_with(['/', '\\']) || drive {
        return Err(PathError::Absolute);
    }
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty() && *part != ".").collect();
    for part in path.split(['/', '\\']) {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop().ok_or(PathError::Outside)?;
            }
            name => parts.push(name),
        }
    }
    if parts.is_empty() { Ok(String::new()) } else { Ok(parts.join("/")) }
}

/// The folder a file lies in; empty for the workspace itself.
pub fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

#[cfg(test)]
mod tests;
