//! Options of the subcommands: each a name and a value.

/// What was given.
pub struct Options<'a>(Vec<(&'a str, &'a str)>);

impl<'a> Options<'a> {
    /// Reads them; only the names in `known` are taken.
    pub fn read(arguments: &'a [String], known: &[&str]) -> Result<Self, String> {
        let mut options = Vec::new();
        for pair in arguments.chunks(2) {
            let [name, value] = pair else { return Err(format!("{} needs a value", pair.concat())) };
            if !known.contains(&name.as_str()) {
                return Err(format!("unknown option {name}"));
            }
            options.push((name.as_str(), value.as_str()));
        }
        Ok(Self(options))
    }

    /// The value of an option.
    pub fn text(&self, name: &str) -> Option<&'a str> {
        self.0.iter().rev().find(|(given, _)| *given == name).map(|(_, value)| *value)
    }

    /// The value of an option that must be given.
    pub fn needed(&self, name: &str) -> Result<&'a str, String> {
        self.text(name).ok_or_else(|| format!("{name} is missing"))
    }

    /// The value of an option that is a number.
    pub fn number(&self, name: &str, otherwise: usize) -> Result<usize, String> {
        let Some(text) = self.text(name) else { return Ok(otherwise) };
        text.parse().map_err(|_| format!("{name} {text}: not a number"))
    }
}
