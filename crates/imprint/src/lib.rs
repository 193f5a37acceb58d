//! Draws the imprint of a seal to exact size
