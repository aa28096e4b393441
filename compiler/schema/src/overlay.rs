//! Overlays: a versioned list of changes to a schema, line by line.

use crate::api::OverlaySummary;
use crate::loader::Loader;
use crate::tree::NodeId;

impl Loader {
    /// Applies an overlay to the root.
    pub(crate) fn overlay(&mut self, _overlay: NodeId, _path: &str) -> Option<OverlaySummary> {
        None
    }
}
