//! One route and its view to one output.
//!
//! In: a [`View`] and the theme. Out: the bytes of one file. Looks nothing up outside its view.

pub mod feed;
pub mod fill;
pub mod sitemap;
pub mod theme;
pub mod view;

pub use theme::Theme;
pub use view::View;
