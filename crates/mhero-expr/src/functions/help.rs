//! What each function is for, with an example that a test runs. The words are for people who write flows and texts.

use super::named;
use crate::router_tests::RouterTest;

/// A function of the language for those who write expressions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Help {
    /// Its name with its arguments: `round(number [, places])`.
    pub signature: &'static str,
    /// An expression that calls it.
    pub example: &'static str,
    /// The text that the example gives on 11 April 2018 at 13:24:30 in Guayaquil, with dates as `DD-MM-YYYY`.
    pub gives: &'static str,
}

impl Help {
    /// The help of a function by its name in small letters. `None` when there is no such function.
    pub fn of(name: &str) -> Option<&'static Self> {
        ALL.iter().find(|help| help.name() == name)
    }

    /// All functions in alphabetical order, the tests of routers among them.
    pub fn all() -> &'static [Self] {
        ALL
    }

    /// The name of the function.
    pub fn name(&self) -> &'static str {
        self.signature.split('(').next().unwrap_or_default()
    }

    /// Whether it is a test that the case of a router may name.
    pub fn is_router_test(&self) -> bool {
        named(self.name()).is_some() && RouterTest::named(self.name()).is_some()
    }
}

const fn help(signature: &'static str, example: &'static str, gives: &'static str) -> Help {
    Help { signature, example, gives }
}

#[rustfmt::skip]
const ALL: &[Help] = &[
    help("abs(number)", "abs(-10)", "10"),
    help("and(values...)", "and(true, 1 = 2)", "false"),
    help("array(values...)", "array(\"a\", 2)[1]", "2"),
    help("attachment_parts(attachment)", "attachment_parts(\"image/jpeg:https://example.com/t.jpg\").content_type", "image/jpeg"),
    help("boolean(value)", "boolean(\"FALSE\")", "false"),
    help("char(code)", "char(128512)", "😀"),
    help("clean(text)", "clean(\"a\\nb\")", "ab"),
    help("code(text)", "code(\"😀\")", "128512"),
    help("concat(array1, array2)", "concat(array(1), array(2))", "[1, 2]"),
    help("contains(array, value)", "contains(array(1, 2), 2)", "true"),
    help("count(value)", "count(array(1, 2))", "2"),
    help("date(value)", "date(\"10/05/2010\")", "2010-05-10"),
    help("date_from_parts(year, month, day)", "date_from_parts(2017, 2, 31)", "2017-03-03"),
    help("datetime(value)", "datetime(\"1979-07-18\")", "1979-07-18T00:00:00.000000-05:00"),
    help("datetime_add(datetime, offset, unit)", "datetime_add(\"2017-01-15\", 5, \"D\")", "2017-01-20T00:00:00.000000-05:00"),
    help("datetime_diff(date1, date2, unit)", "datetime_diff(\"2017-01-15\", \"2017-05-15\", \"W\")", "17"),
    help("datetime_from_epoch(seconds)", "datetime_from_epoch(1497286619)", "2017-06-12T11:56:59.000000-05:00"),
    help("default(value, default)", "default(\"\", \"none\")", "none"),
    help("epoch(date)", "epoch(\"2017-06-12T16:56:59Z\")", "1497286619"),
    help("extract(object, property)", "extract(object(\"a\", 1), \"a\")", "1"),
    help("extract_object(object, properties...)", "extract_object(object(\"a\", 1, \"b\", 2), \"b\")", "{b: 2}"),
    help("field(text, index, delimiter)", "field(\"a,b,c\", 1, \",\")", "b"),
    help("filter(array, func)", "filter(array(1, 5, 2), (x) => x > 1)", "[5, 2]"),
    help("foreach(values, func, [args...])", "foreach(array(\"a\", \"b\"), upper)", "[A, B]"),
    help("foreach_value(object, func, [args...])", "foreach_value(object(\"a\", \"x\"), upper)", "{a: X}"),
    help("format(value)", "format(today())", "11-04-2018"),
    help("format_date(date [, format])", "format_date(\"2010-05-10\", \"D.M.YY\")", "10.5.10"),
    help("format_datetime(datetime [, format [, timezone]])", "format_datetime(now(), \"h:mm aa\", \"Africa/Monrovia\")", "6:24 pm"),
    help("format_location(location)", "format_location(\"Liberia > Bong\")", "Bong"),
    help("format_number(number, places [, humanize])", "format_number(1234.567, 2)", "1,234.57"),
    help("format_time(time [, format])", "format_time(\"14:50\", \"h:mm AA\")", "2:50 PM"),
    help("format_urn(urn)", "format_urn(\"tel:+250781234567\")", "0781 234 567"),
    help("has_all_words(text, words)", "has_all_words(\"the quick FOX\", \"fox the\").match", "the FOX"),
    help("has_any_word(text, words)", "has_any_word(\"the quick FOX\", \"fox dog\").match", "FOX"),
    help("has_beginning(text, beginning)", "has_beginning(\"The Quick Fox\", \"the quick\").match", "The Quick"),
    help("has_category(result, categories...)", "has_category(object(\"category\", \"Yes\"), \"Yes\", \"No\").match", "Yes"),
    help("has_date(text)", "has_date(\"it is 15/01/2017 15:00\").match", "2017-01-15T15:00:00.000000-05:00"),
    help("has_date_eq(text, date)", "text(has_date_eq(\"it is 15/01/2017\", \"2017-01-15\"))", "true"),
    help("has_date_gt(text, date)", "text(has_date_gt(\"it is 15/01/2017\", \"2017-01-15\"))", "false"),
    help("has_date_lt(text, date)", "text(has_date_lt(\"it is 15/01/2017\", \"2017-06-01\"))", "true"),
    help("has_district(text [, state])", "has_district(\"I live in Gasabo\", \"Kigali\").match", "Rwanda > Kigali > Gasabo"),
    help("has_email(text)", "has_email(\"write to foo@bar.com, please\").match", "foo@bar.com"),
    help("has_error(value)", "has_error(1 / 0).match", "division by zero"),
    help("has_group(groups, uuid [, name])", "has_group(array(object(\"uuid\", \"a-b\", \"name\", \"Nurses\")), \"a-b\").match.name", "Nurses"),
    help("has_intent(result, name, confidence)", "text(has_intent(object(\"extra\", null), \"book\", 0.5))", "false"),
    help("has_number(text)", "has_number(\"I am ٤٢ now\").match", "42"),
    help("has_number_between(text, least, most)", "has_number_between(\"it is 42\", 40, 44).match", "42"),
    help("has_number_eq(text, number)", "text(has_number_eq(\"it is 42\", 40))", "false"),
    help("has_number_gt(text, number)", "text(has_number_gt(\"it is 42\", 40))", "true"),
    help("has_number_gte(text, number)", "text(has_number_gte(\"it is 42\", 42))", "true"),
    help("has_number_lt(text, number)", "text(has_number_lt(\"it is 42\", 42))", "false"),
    help("has_number_lte(text, number)", "text(has_number_lte(\"it is 42\", 42))", "true"),
    help("has_only_phrase(text, phrase)", "has_only_phrase(\"Quick Brown\", \"quick brown\").match", "Quick Brown"),
    help("has_only_text(text1, text2)", "text(has_only_text(\"Yes\", \"yes\"))", "false"),
    help("has_pattern(text, pattern)", "has_pattern(\"Buy cheese\", \"buy (\\w+)\").extra", "{0: Buy cheese, 1: cheese}"),
    help("has_phone(text [, country])", "has_phone(\"call 0788123123\", \"RW\").match", "+250788123123"),
    help("has_phrase(text, phrase)", "has_phrase(\"the quick Brown fox\", \"brown fox\").match", "Brown fox"),
    help("has_state(text)", "has_state(\"I live in kigali!\").match", "Rwanda > Kigali"),
    help("has_text(text)", "text(has_text(\" \\n\"))", "false"),
    help("has_time(text)", "has_time(\"at 10:30 pm\").match", "22:30:00.000000"),
    help("has_top_intent(result, name, confidence)", "text(has_top_intent(object(\"extra\", null), \"book\", 0.5))", "false"),
    help("has_value(value)", "text(has_value(\"\"))", "false"),
    help("has_ward(text [, state [, district]])", "has_ward(\"Gisozi\", \"Kigali\", \"Gasabo\").match", "Rwanda > Kigali > Gasabo > Gisozi"),
    help("html_decode(text)", "html_decode(\"Red &amp; Blue\")", "Red & Blue"),
    help("if(test, value1, value2)", "if(1 = 1, \"foo\", \"bar\")", "foo"),
    help("is_error(value)", "is_error(date(\"foo\"))", "true"),
    help("join(array, separator)", "join(array(\"a\", \"b\"), \"|\")", "a|b"),
    help("json(value)", "json(object(\"a\", array(1, \"x\")))", "{\"a\":[1,\"x\"]}"),
    help("keys(object)", "keys(object(\"b\", 1, \"a\", 2))", "[a, b]"),
    help("legacy_add(value1, value2)", "legacy_add(\"2017-01-15\", 5)", "2017-01-20T00:00:00.000000-05:00"),
    help("lower(text)", "lower(\"HellO\")", "hello"),
    help("max(numbers...)", "max(1, 10, 3)", "10"),
    help("mean(numbers...)", "mean(1, 2, 6)", "3"),
    help("min(numbers...)", "min(2, -10)", "-10"),
    help("mod(dividend, divisor)", "mod(5, 2)", "1"),
    help("now()", "now()", "2018-04-11T13:24:30.123456-05:00"),
    help("number(value)", "number(\"123.45000\")", "123.45"),
    help("object(pairs...)", "object(\"b\", \"x\", \"a\", 1)", "{a: 1, b: x}"),
    help("or(values...)", "or(false, 1)", "true"),
    help("parse_datetime(text, format [, timezone])", "parse_datetime(\"5.10.2010 12:50\", \"M.D.YYYY tt:mm\", \"Africa/Kigali\")", "2010-05-10T12:50:00.000000+02:00"),
    help("parse_json(text)", "parse_json(\"{\\\"foo\\\": \\\"bar\\\"}\").foo", "bar"),
    help("parse_time(text, format)", "parse_time(\"2:40 pm\", \"h:mm aa\")", "14:40:00.000000"),
    help("percent(number)", "percent(0.54234)", "54%"),
    help("prompt(name, args...)", "prompt(\"sort\", array(\"a\", \"b\"))", "Sort: [a, b]"),
    help("rand()", "rand()", "0.5"),
    help("rand_between(least, most)", "rand_between(1, 10)", "6"),
    help("read_chars(text)", "read_chars(\"abcdef\")", "a b c , d e f"),
    help("regex_match(text, pattern [, group])", "regex_match(\"Bob Smith\", \"(\\w+) (\\w+)\", 2)", "Smith"),
    help("remove_first_word(text)", "remove_first_word(\"JOIN nurses\")", "nurses"),
    help("repeat(text, count)", "repeat(\"*\", 3)", "***"),
    help("replace(text, needle, replacement [, count])", "replace(\"foo bar foo\", \"foo\", \"zap\", 1)", "zap bar foo"),
    help("replace_time(datetime, time)", "replace_time(now(), \"10:30\")", "2018-04-11T10:30:00.000000-05:00"),
    help("reverse(array)", "reverse(array(3, 1, 2))", "[2, 1, 3]"),
    help("round(number [, places])", "round(12.146, 2)", "12.15"),
    help("round_down(number [, places])", "round_down(12.9)", "12"),
    help("round_up(number [, places])", "round_up(12.141, 2)", "12.15"),
    help("slice(array, start [, end])", "slice(array(\"a\", \"b\", \"c\"), 0, -1)", "[a, b]"),
    help("sort(array)", "sort(array(3, 1, 2))", "[1, 2, 3]"),
    help("split(text [, delimiters])", "split(\"a|b,c\", \"|,\")", "[a, b, c]"),
    help("sum(array)", "sum(array(1, 2, \"3\"))", "6"),
    help("text(value)", "text(3 = 3)", "true"),
    help("text_compare(text1, text2)", "text_compare(\"abc\", \"def\")", "-1"),
    help("text_length(value)", "text_length(\"abc\")", "3"),
    help("text_slice(text, start [, end])", "text_slice(\"hello\", 1, 3)", "el"),
    help("time(value)", "time(\"10:30:45 PM\")", "22:30:45.000000"),
    help("time_from_parts(hour, minute, second)", "time_from_parts(14, 40, 15)", "14:40:15.000000"),
    help("title(text)", "title(\"ann TOE\")", "Ann Toe"),
    help("today()", "today()", "2018-04-11"),
    help("trim(text [, chars])", "trim(\" hello \")", "hello"),
    help("trim_left(text [, chars])", "trim_left(\"+12345+\", \"+\")", "12345+"),
    help("trim_right(text [, chars])", "trim_right(\"+12345+\", \"+\")", "+12345"),
    help("tz(date)", "tz(\"2017-01-15\")", "America/Guayaquil"),
    help("tz_offset(date)", "tz_offset(\"2017-01-15\")", "-0500"),
    help("unique(array)", "unique(array(1, 3, 1))", "[1, 3]"),
    help("upper(text)", "upper(\"abc\")", "ABC"),
    help("url_encode(text)", "url_encode(\"two & words\")", "two%20%26%20words"),
    help("urn_parts(urn)", "urn_parts(\"telegram:12#ann\").display", "ann"),
    help("week_number(date)", "week_number(\"2019-01-01\")", "1"),
    help("weekday(date)", "weekday(\"2017-01-15\")", "0"),
    help("word(text, index [, delimiters])", "word(\"bee cat dog\", -1)", "dog"),
    help("word_count(text [, delimiters])", "word_count(\"foo bar\")", "2"),
    help("word_slice(text, start, end [, delimiters])", "word_slice(\"bee cat dog\", 1, -1)", "cat dog"),
];
