//! The steps from version to version, one module each.

mod split;
mod to_13_1_0;
mod to_13_2_0;
mod to_13_3_0;
mod to_13_4_0;
mod to_13_5_0;
mod to_13_6_0;
mod to_13_6_1;
mod to_14_0_0;
mod to_14_1_0;
mod to_14_2_0;
mod to_14_3_0;
mod to_14_3_1;
mod to_14_4_0;
mod to_14_4_1;
mod to_14_4_2;

use uuid::Uuid;

use crate::{Version, shape::Map};

/// Changes a flow from the version before; new ids come from the function.
pub(crate) type Step = fn(&mut Map, &mut dyn FnMut() -> Uuid);

/// Every step with the version that it leads to, in order.
pub(crate) const STEPS: &[(Version, Step)] = &[
    (Version::new(13, 1, 0), to_13_1_0::step),
    (Version::new(13, 2, 0), |flow, _| to_13_2_0::step(flow)),
    (Version::new(13, 3, 0), |flow, _| to_13_3_0::step(flow)),
    (Version::new(13, 4, 0), to_13_4_0::step),
    (Version::new(13, 5, 0), |flow, _| to_13_5_0::step(flow)),
    (Version::new(13, 6, 0), |flow, _| to_13_6_0::step(flow)),
    (Version::new(13, 6, 1), |flow, _| to_13_6_1::step(flow)),
    (Version::new(14, 0, 0), |flow, _| to_14_0_0::step(flow)),
    (Version::new(14, 1, 0), |flow, _| to_14_1_0::step(flow)),
    (Version::new(14, 2, 0), |flow, _| to_14_2_0::step(flow)),
    (Version::new(14, 3, 0), |flow, _| to_14_3_0::step(flow)),
    (Version::new(14, 3, 1), |flow, _| to_14_3_1::step(flow)),
    (Version::new(14, 4, 0), |flow, _| to_14_4_0::step(flow)),
    (Version::new(14, 4, 1), |flow, _| to_14_4_1::step(flow)),
    (Version::new(14, 4, 2), |flow, _| to_14_4_2::step(flow)),
];
