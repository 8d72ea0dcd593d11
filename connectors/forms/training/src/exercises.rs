//! What people practise: Markdown files under `data/training`, one for each role. Last in each are questions whose answers are folded away.

use std::fs;
use std::path::Path;

use catalog::Page;

use crate::Error;

const FOLDER: &str = "data/training";
/// Begins the questions, as it stands in the HTML of a page. Each question is a heading below it, what follows is its answer.
const QUESTIONS: &str = "<h2>Pasitikrinkite</h2>\n";

/// An exercise: the file's name without `.md` is the code of the role it is for.
#[derive(Debug, Clone)]
pub struct Exercise {
    /// The role.
    pub role: String,
    /// Title and text.
    pub page: Page,
}

impl Exercise {
    /// Its text with each answer folded below its question.
    pub(crate) fn html(&self) -> String {
        let html = self.page.html();
        let Some((before, questions)) = html.split_once(QUESTIONS) else { return html.to_owned() };
        let mut folded = format!("{before}{QUESTIONS}");
        let mut parts = questions.split("<h3>");
        folded.push_str(parts.next().unwrap_or_default());
        for (question, answer) in parts.filter_map(|part| part.split_once("</h3>")) {
            folded.push_str(&format!("<details><summary>{question}</summary>{answer}</details>\n"));
        }
        folded
    }
}

/// All exercises, in the order of their files' names; none without the folder.
///
/// # Errors
/// A file cannot be read, or what stands in it must not stand on a page.
pub fn exercises(home: &Path) -> Result<Vec<Exercise>, Error> {
    let folder = home.join(FOLDER);
    let failed = |source| Error::File { path: folder.clone(), source };
    let mut paths = Vec::new();
    if !folder.exists() {
        return Ok(Vec::new());
    }
    for entry in fs::read_dir(&folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if path.extension().is_some_and(|ending| ending == "md") {
            paths.push(path);
        }
    }
    paths.sort();
    let read = |path: &std::path::PathBuf| {
        let text = fs::read_to_string(path).map_err(|source| Error::File { path: path.clone(), source })?;
        let page = Page::of_markdown(&text).map_err(|reason| Error::Exercises(format!("{}: {reason}", path.display())))?;
        Ok(Exercise { role: path.file_stem().unwrap_or_default().to_string_lossy().into_owned(), page })
    };
    paths.iter().map(read).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_folded_below_their_questions_and_nothing_else_is() {
        let text = "+++\ntitle = \"X\"\n+++\nĮvadas.\n\n## A\n\n### Ne klausimas\n\n## Pasitikrinkite\n\nPagalvokite.\n\n### Kas?\n\n**Jis.**\n\nIr ji.\n\n### Kada?\n\nDabar.\n";
        let exercise = Exercise { role: "virs".to_owned(), page: Page::of_markdown(text).unwrap() };
        assert_eq!(
            exercise.html(),
            "<p>Įvadas.</p>\n<h2>A</h2>\n<h3>Ne klausimas</h3>\n<h2>Pasitikrinkite</h2>\n<p>Pagalvokite.</p>\n\
             <details><summary>Kas?</summary>\n<p><strong>Jis.</strong></p>\n<p>Ir ji.</p>\n</details>\n\
             <details><summary>Kada?</summary>\n<p>Dabar.</p>\n</details>\n"
        );
    }

    #[test]
    fn each_exercise_of_the_project_ends_with_questions_and_answers() {
        let home = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..");
        let all = exercises(&home).unwrap();
        assert_eq!(all.len(), 8);
        for exercise in all {
            let html = exercise.html();
            let questions = html.split_once(QUESTIONS).unwrap_or_else(|| panic!("{}: no questions", exercise.role)).1;
            let answered = questions.split("<summary>").skip(1).filter(|one| one.contains("?</summary>\n<p>")).count();
            assert!(answered >= 5 && answered == questions.matches("<details>").count(), "{}: {questions}", exercise.role);
            assert!(!questions.contains("<h2>"), "{}: something stands below the questions", exercise.role);
        }
    }
}
