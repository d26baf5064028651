//! One finished frame.

use std::borrow::Cow;

use valetudo_map_crop::{RgbaPixel, View};
use valetudo_map_draw::AnyCanvas;
use valetudo_map_model::{CanvasPixel, Map, PicturePixel, Rect, Room, Size};

use crate::attributes::Attributes;
use crate::destinations::Destinations;
use crate::encode::{self, EncodeError};
use crate::options::Options;
use crate::picture::{Picture, PictureData};
use crate::rgba;
use crate::rooms::{Rooms, name_of};
use crate::state::State;
use crate::status_text::{FontProblem, StatusText, TextPainter};

/// A picture that a [`Renderer`](crate::Renderer) lends until the next one, with what belongs to it.
#[derive(Debug, Clone, Copy)]
pub struct Frame<'a> {
    pub(crate) map: &'a Map,
    pub(crate) state: &'a State,
    pub(crate) options: &'a Options,
    pub(crate) destinations: Option<&'a Destinations>,
    pub(crate) rooms: &'a Rooms,
    pub(crate) view: View,
    /// The box before offsets, also when the picture is zoomed.
    pub(crate) area: Rect<CanvasPixel>,
    pub(crate) zoomed: bool,
    pub(crate) canvas: AnyCanvas<'a>,
    pub(crate) picture: &'a Picture,
    pub(crate) painter: &'a TextPainter,
}

impl Frame<'_> {
    /// The picture's size.
    #[must_use]
    pub fn size(&self) -> Size<PicturePixel> {
        self.picture.size()
    }

    /// The picture's pixels, as they are kept.
    #[must_use]
    pub fn data(&self) -> PictureData<'_> {
        self.picture.data(self.canvas)
    }

    /// How the map became the picture.
    #[must_use]
    pub const fn view(&self) -> &View {
        &self.view
    }

    /// Replaces `out` by the picture's pixels, row by row: red, green, blue, alpha, not premultiplied.
    pub fn write_rgba(&self, out: &mut Vec<u8>) {
        out.clear();
        match self.data() {
            PictureData::Indexed { indices, palette } => {
                out.reserve(size_of::<RgbaPixel>() * indices.len());
                let mut row = Vec::with_capacity(indices.ncols());
                rgba::each_row(indices, palette, &mut row, |row| out.extend_from_slice(row.as_flattened()));
            }
            PictureData::Rgba(colours) => out.extend_from_slice(colours.as_flattened()),
        }
    }

    /// The picture as the `image` crate's type.
    #[must_use]
    pub fn to_image(&self) -> image::RgbaImage {
        let mut pixels = Vec::new();
        self.write_rgba(&mut pixels);
        let size = self.size();
        // There are always as many pixels as the size says.
        image::RgbaImage::from_raw(size.width, size.height, pixels).unwrap_or_default()
    }

    /// Replaces `out` by the picture as a PNG file.
    ///
    /// # Errors
    /// The encoder refuses the picture.
    pub fn encode_png(&self, out: &mut Vec<u8>) -> Result<(), EncodeError> {
        encode::png(self.data(), self.size(), out)
    }

    /// Replaces `out` by the picture as a JPEG file of a quality from 1 to 100. What is transparent shows the background colour.
    ///
    /// # Errors
    /// The encoder refuses the picture.
    pub fn encode_jpeg(&self, quality: u8, out: &mut Vec<u8>) -> Result<(), EncodeError> {
        encode::jpeg(self.data(), self.size(), self.options.style.background, quality, out)
    }

    /// What a room is called.
    pub(crate) fn name_of<'b>(&'b self, room: &'b Room) -> Cow<'b, str> {
        name_of(room, self.destinations)
    }

    /// The name of the room that the robot is in.
    pub(crate) fn room_name(&self) -> Option<Cow<'_, str>> {
        self.rooms.current().map(|room| self.name_of(room))
    }

    /// What the status text says, whether it is shown or not.
    #[must_use]
    pub fn status_text(&self) -> StatusText {
        StatusText::compose(self.state, self.room_name().as_deref(), self.size().width, &self.options.labels)
    }

    /// Why the status text is not in the font that the options name.
    #[must_use]
    pub fn font_problem(&self) -> Option<&FontProblem> {
        self.painter.font_problem().filter(|_| self.options.labels.shown)
    }

    /// What is known about the picture beside its pixels.
    #[must_use]
    pub fn attributes(&self) -> Attributes {
        Attributes::of(self)
    }
}
