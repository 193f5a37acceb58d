//! Whose a thing is and where: unit, unit above it, place. Most things of the daily use of a seal carry the three, and queries filter by
//! them.

/// Getters of the fields `unit`, `parent_unit` and `area_path`, inside an `impl` block.
macro_rules! getters {
    () => {
        /// Unit.
        pub fn unit(&self) -> &$crate::ids::UnitId {
            &self.unit
        }
        /// Unit above it.
        pub fn parent_unit(&self) -> Option<&$crate::ids::UnitId> {
            self.parent_unit.as_ref()
        }
        /// Place.
        pub fn area_path(&self) -> &$crate::area::AreaPath {
            &self.area_path
        }
    };
}
pub(crate) use getters;
