//! Sources and schemas become an artifact or diagnostics; pure.
