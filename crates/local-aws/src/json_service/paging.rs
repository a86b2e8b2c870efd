//! Lists in pages: tokens that say where the next page begins and that only their list takes.

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};

/// Between the name of the list and the position.
const SEPARATOR: char = '\n';

/// One page of a list.
#[derive(Clone, Debug)]
pub(crate) struct Paging {
    list: String,
    size: usize,
    after: Option<String>,
}

impl Paging {
    /// A page of `size` entries of `list`, which names the list with everything that it depends
    /// on. `None` when the token is not one of this list.
    pub(crate) fn new(list: String, size: usize, token: Option<&str>) -> Option<Self> {
        let after = match token {
            Some(token) => Some(position(&list, token)?),
            None => None,
        };
        Some(Self { list, size, after })
    }

    /// The position of the last entry of the page before, as `position_of` gave it.
    pub(crate) fn after(&self) -> Option<&str> {
        self.after.as_deref()
    }

    /// The entries of the page and the token of the next one. `entries` begin after
    /// [`Self::after`].
    pub(crate) fn cut<T>(
        &self,
        entries: impl Iterator<Item = T>,
        position_of: impl Fn(&T) -> String,
    ) -> (Vec<T>, Option<String>) {
        let mut page: Vec<T> = entries.take(self.size + 1).collect();
        if page.len() <= self.size {
            return (page, None);
        }
        page.truncate(self.size);
        let token = page.last().map(|last| {
            let text = format!("{}{SEPARATOR}{}", self.list, position_of(last));
            BASE64_URL_SAFE_NO_PAD.encode(text)
        });
        (page, token)
    }
}

fn position(list: &str, token: &str) -> Option<String> {
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(token).ok()?;
    let text = String::from_utf8(bytes).ok()?;
    let (of, position) = text.rsplit_once(SEPARATOR)?;
    (of == list).then(|| position.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_follow_each_other_until_the_list_ends() {
        let numbers = [1, 2, 3, 4, 5];
        let page = |token: Option<&str>| {
            let paging = Paging::new("numbers".into(), 2, token).unwrap();
            let after: i32 = paging.after().map_or(0, |after| after.parse().unwrap());
            let rest = numbers.into_iter().filter(|number| *number > after);
            paging.cut(rest, ToString::to_string)
        };
        let (first, token) = page(None);
        let (second, next) = page(token.as_deref());
        let (third, end) = page(next.as_deref());
        assert_eq!((first, second, third), (vec![1, 2], vec![3, 4], vec![5]));
        assert_eq!(end, None);
    }

    #[test]
    fn a_token_of_another_list_is_refused() {
        let paging = Paging::new("users".into(), 1, None).unwrap();
        let (_, token) = paging.cut([1, 2].into_iter(), ToString::to_string);
        assert!(Paging::new("users".into(), 1, token.as_deref()).is_some());
        assert!(Paging::new("groups".into(), 1, token.as_deref()).is_none());
        assert!(Paging::new("users".into(), 1, Some("made up")).is_none());
    }
}
