//! Rows for a terminal: columns of equal width, two spaces between.

/// Lines of a table, header first. Widths go by characters; the last column is not padded.
pub fn lines(header: &[String], rows: &[Vec<String>]) -> Vec<String> {
    let all = || std::iter::once(header).chain(rows.iter().map(Vec::as_slice));
    let width = |column: usize| {
        let longest = all().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max();
        longest.unwrap_or(0)
    };
    let widths: Vec<usize> = (0..header.len()).map(width).collect();
    let line = |row: &[String]| {
        let cells = row.iter().zip(&widths).map(|(cell, width)| {
            format!("{}{:pad$}", one_line(cell), "", pad = width - cell.chars().count().min(*width))
        });
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    all().map(line).collect()
}

/// A text on one line, without what would move the cursor of a terminal.
pub fn one_line(text: &str) -> String {
    text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_stand_below_one_another_and_nothing_moves_the_cursor() {
        let row = |cells: &[&str]| cells.iter().map(|cell| (*cell).to_owned()).collect::<Vec<_>>();
        let table = lines(&row(&["NAME", "STATE"]), &[row(&["é\u{1b}[2J", "x"]), row(&["Kollie", ""])]);
        assert_eq!(table, ["NAME    STATE", "é [2J   x", "Kollie"]);
    }
}
