//! `mapc init`

use crate::arguments::Init;
use crate::disk::{shown, write_whole};
use crate::exit::Exit;
use crate::session::Session;
use crate::trouble::Trouble;

/// The files of a new workspace: a map that passes, with a sample and a test.
const FILES: &[(&str, &str)] = &[
    ("mapc.toml", include_str!("init/mapc.toml")),
    ("shop/order@1.schema.json", include_str!("init/shop/order@1.schema.json")),
    ("erp/invoice@1.schema.json", include_str!("init/erp/invoice@1.schema.json")),
    ("maps/invoice.map", include_str!("init/maps/invoice.map")),
    ("maps/samples/order.json", include_str!("init/maps/samples/order.json")),
];

pub(super) fn run(arguments: &Init, session: &mut Session<'_>) -> Result<Exit, Trouble> {
    let folder = &arguments.folder;
    let there: Vec<&str> = FILES
        .iter()
        .map(|(path, _)| *path)
        .filter(|path| folder.join(path).symlink_metadata().is_ok())
        .collect();
    if let Some(first) = there.first() {
        return Err(Trouble::new(format!(
            "`{first}` is there already in `{}`; nothing was written",
            shown(folder)
        ))
        .help("name a new folder, as in `mapc init orders`"));
    }
    for (path, content) in FILES {
        let full = folder.join(path);
        let made = full.parent().map_or(Ok(()), std::fs::create_dir_all);
        made.and_then(|()| write_whole(&full, content.as_bytes()))
            .map_err(|error| Trouble::file("write", &shown(&full), &error))?;
    }
    let at = if folder.as_os_str() == "." {
        String::new()
    } else {
        format!("{}/", shown(folder).trim_end_matches('/'))
    };
    let mut text = String::new();
    for (path, _) in FILES {
        text.push_str(&format!("{at}{path} written\n"));
    }
    text.push_str(&format!(
        "\nNow try:\n  mapc check {at}maps/invoice.map\n  mapc test {at}maps/invoice.map\n  \
         mapc run {at}maps/invoice.map --in {at}maps/samples/order.json\n"
    ));
    session.tell(&text);
    Ok(Exit::Done)
}
