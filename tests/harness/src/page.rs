//! A Markdown page and its fenced blocks. Knows nothing of what they mean.

use crate::repository;

/// A page.
#[derive(Clone, Debug)]
pub struct Page {
    /// Path in the repository.
    pub path: String,
    /// All of it.
    pub text: String,
    /// Its blocks, in order.
    pub blocks: Vec<Block>,
}

/// A fenced block.
#[derive(Clone, Debug)]
pub struct Block {
    /// Line of its first fence, from 1.
    pub line: usize,
    /// First word behind the fence; empty if there is none.
    pub language: String,
    /// The other words.
    pub words: Vec<String>,
    /// What stands inside, with a line end behind every line.
    pub text: String,
}

impl Page {
    /// Reads a page of the repository.
    ///
    /// # Errors
    /// It cannot be read, or a fence is not closed.
    pub fn read(path: &str) -> Result<Page, String> {
        let text = repository::text(path)?;
        let mut blocks = Vec::new();
        let mut open: Option<Block> = None;
        for (index, line) in text.lines().enumerate() {
            match (line.strip_prefix("```"), open.take()) {
                (None, None) => {}
                (None, Some(mut block)) => {
                    block.text.push_str(line);
                    block.text.push('\n');
                    open = Some(block);
                }
                (Some(_), Some(block)) => blocks.push(block),
                (Some(info), None) => {
                    let mut words = info.split_whitespace().map(str::to_owned);
                    let language = words.next().unwrap_or_default();
                    let words = words.collect();
                    open = Some(Block { line: index + 1, language, words, text: String::new() });
                }
            }
        }
        match open {
            Some(block) => Err(format!("{path}:{}: the block is not closed", block.line)),
            None => Ok(Page { path: path.to_owned(), text, blocks }),
        }
    }
}

impl Block {
    /// A word stands behind the language.
    pub fn has(&self, word: &str) -> bool {
        self.words.iter().any(|one| one == word)
    }

    /// What stands behind `name=`.
    pub fn value(&self, name: &str) -> Option<&str> {
        self.words.iter().find_map(|word| word.strip_prefix(name)?.strip_prefix('='))
    }

    /// The content; of an `escaped` block with the bytes its `\xNN` stand for.
    ///
    /// # Errors
    /// An escape is not two hex digits.
    pub fn bytes(&self) -> Result<Vec<u8>, String> {
        if !self.has("escaped") {
            return Ok(self.text.clone().into_bytes());
        }
        let mut parts = self.text.split("\\x");
        let mut bytes = parts.next().unwrap_or_default().as_bytes().to_vec();
        for part in parts {
            let (digits, rest) = part.split_at_checked(2).ok_or("`\\x` needs two digits")?;
            bytes.push(u8::from_str_radix(digits, 16).map_err(|error| format!("\\x{digits}: {error}"))?);
            bytes.extend_from_slice(rest.as_bytes());
        }
        Ok(bytes)
    }

    /// The content without the last line end: a message.
    ///
    /// # Errors
    /// As [`Block::bytes`].
    pub fn message(&self) -> Result<Vec<u8>, String> {
        let mut bytes = self.bytes()?;
        if bytes.last() == Some(&b'\n') {
            bytes.pop();
        }
        Ok(bytes)
    }
}
