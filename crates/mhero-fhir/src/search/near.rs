//! `near`: places within a distance of a point.

/// Metres of a degree of latitude.
const METRES_OF_DEGREE: f64 = 111_195.0;
/// The distance where none is said, in metres.
const DISTANCE_DEFAULT: f64 = 50_000.0;
/// The longest distance, in metres: beyond it the earth is not flat.
const DISTANCE_MAX: f64 = 2_000_000.0;
/// Millionths of a degree in one.
const MICRO: f64 = 1_000_000.0;

/// A point and how far from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Near {
    /// Millionths of a degree north of the equator.
    pub latitude: i64,
    /// Millionths of a degree east of Greenwich.
    pub longitude: i64,
    /// How far, in millionths of a degree of latitude.
    pub distance: i64,
    /// How many millionths of a degree of latitude a degree of longitude is long there.
    pub narrows: i64,
}

impl Near {
    /// Reads `7.95|-9.43|20|km`. Without a distance it is 50 km, without a unit kilometres; `m` and `[mi_us]` are known too.
    ///
    /// ```
    /// # use mhero_fhir::search::Near;
    /// let near = Near::read("7.95|-9.43|20|km").expect("a point");
    /// assert_eq!((near.latitude, near.longitude), (7_950_000, -9_430_000));
    /// assert!(Near::read("97|0").is_none());
    /// ```
    pub fn read(text: &str) -> Option<Self> {
        let mut parts = text.split('|').map(str::trim);
        let mut number = || parts.next().filter(|part| !part.is_empty()).map(str::parse::<f64>);
        let (latitude, longitude) = (number()?.ok()?, number()?.ok()?);
        let distance = number().transpose().ok()?;
        let metres = match parts.next().unwrap_or("km") {
            "km" | "" => 1_000.0,
            "m" => 1.0,
            "[mi_us]" | "mi" => 1_609.347,
            _ => return None,
        };
        let distance = distance.map_or(DISTANCE_DEFAULT, |distance| distance * metres);
        if parts.next().is_some() || !(0.0..=DISTANCE_MAX).contains(&distance) {
            return None;
        }
        if !(-90.0..=90.0).contains(&latitude) || !(-180.0..=180.0).contains(&longitude) {
            return None;
        }
        Some(Self {
            latitude: micro_degrees(latitude)?,
            longitude: micro_degrees(longitude)?,
            distance: micro_degrees(distance / METRES_OF_DEGREE)?,
            narrows: micro_degrees(latitude.to_radians().cos())?,
        })
    }
}

/// Degrees in millionths; none for what is no position on the earth.
#[expect(clippy::cast_possible_truncation, reason = "it is at most 360 millions")]
pub(super) fn micro_degrees(degrees: f64) -> Option<i64> {
    (degrees.is_finite() && degrees.abs() <= 360.0).then(|| (degrees * MICRO).round() as i64)
}
