//! What a cell of a grid takes.

#[test]
fn a_cell_of_a_grid_is_small() {
    assert_eq!(size_of::<crate::grid::GridCell>(), 24);
}
