//! One finished frame.

use std::sync::{Mutex, PoisonError};

use valetudo_map_crop::View;
use valetudo_map_draw::{AnyCanvas, Scale};
#[cfg(feature = "text")]
use valetudo_map_model::Room;
use valetudo_map_model::{CanvasPixel, Centimetre, PicturePixel, Rect, Size};

use crate::attributes::Attributes;
use crate::content::drawn;
use crate::encode::{EncodeError, PictureFormat, PngEncoder};
use crate::facts::Facts;
use crate::framing::MapChange;
use crate::picture::{Picture, PictureData};
#[cfg(feature = "text")]
use crate::room_names::RoomNames;
use crate::status_text::StatusText;
#[cfg(feature = "text")]
use crate::status_text::{FontProblem, Label};

/// A picture with its attributes, lent by a [`Renderer`](crate::Renderer) until the next frame.
#[derive(Debug, Clone, Copy)]
pub struct Frame<'a> {
    pub(crate) facts: Facts<'a>,
    pub(crate) map_change: MapChange,
    /// The part of the canvas beyond which nothing is drawn.
    pub(crate) extent: Rect<CanvasPixel>,
    pub(crate) canvas: AnyCanvas<'a>,
    pub(crate) picture: &'a Picture,
    #[cfg(feature = "text")]
    pub(crate) label: &'a Label,
    #[cfg(feature = "text")]
    pub(crate) room_names: &'a RoomNames,
    pub(crate) png: &'a Mutex<PngEncoder>,
}

impl Frame<'_> {
    /// The picture's size.
    #[must_use]
    pub fn size(&self) -> Size<PicturePixel> {
        self.picture.size()
    }

    /// The picture's pixels, as the session keeps them.
    #[must_use]
    pub fn data(&self) -> PictureData<'_> {
        self.picture.data(self.canvas)
    }

    /// How the map became the picture.
    #[must_use]
    pub const fn view(&self) -> &View {
        &self.facts.view
    }

    /// Whether this map is another one than that of the frame before, by its id.
    #[must_use]
    pub const fn map_change(&self) -> MapChange {
        self.map_change
    }

    /// How large the canvas is, which the view's source counts in.
    #[must_use]
    pub const fn scale(&self) -> Scale {
        self.facts.scale
    }

    /// The box around everything that is drawn (centimetres), if saved trims apply to the map and do not cover it: the home has grown, or
    /// the trims were saved for another map. It takes a look at every pixel.
    #[must_use]
    pub fn outside_trims(&self) -> Option<Rect<Centimetre>> {
        let trims = self.facts.trims?;
        let drawn = self.facts.scale.to_centimetres(drawn(self.canvas, self.extent)?);
        (!trims.area.covers(&drawn)).then_some(drawn)
    }

    /// Replaces `out` by the picture's pixels, row by row: red, green, blue, alpha, not premultiplied.
    pub fn write_rgba(&self, out: &mut Vec<u8>) {
        let data = self.data();
        out.clear();
        out.reserve(4 * self.size().area() as usize);
        data.append_rgba(0..data.height(), &mut Vec::new(), out);
    }

    /// Replaces `out` by the picture as a PNG file: with a palette, unless it was scaled, has more than 256 colours or shows text (the status or names of rooms).
    ///
    /// The session keeps the file's compressed parts. Only parts that changed since the last call are compressed again, so a
    /// frame in which little moved is encoded in a fraction of the time.
    ///
    /// # Errors
    /// The picture has more pixels than a PNG can have.
    pub fn encode_png(&self, out: &mut Vec<u8>) -> Result<(), EncodeError> {
        let mut encoder = self.png.lock().unwrap_or_else(|poisoned| {
            // Somebody panicked in here: the kept data may be incomplete.
            let mut encoder = PoisonError::into_inner(poisoned);
            *encoder = PngEncoder::default();
            self.png.clear_poison();
            encoder
        });
        encoder.encode(self.data(), self.size(), out)
    }

    /// Replaces `out` by the picture as a JPEG file of a quality from 1 to 100. Where the picture is transparent, the
    /// background colour shows.
    ///
    /// # Errors
    /// The picture has more pixels than a JPEG can have: 65,535 along each side.
    #[cfg(feature = "jpeg")]
    pub fn encode_jpeg(&self, quality: u8, out: &mut Vec<u8>) -> Result<(), EncodeError> {
        crate::encode::jpeg::encode(self.data(), self.size(), self.facts.options.style.background, quality, out)
    }

    /// The words of the status text, shown or not.
    #[must_use]
    pub fn status_text(&self) -> StatusText {
        self.facts.status_text()
    }

    /// The attributes that belong to the picture as a PNG file.
    #[must_use]
    pub fn attributes(&self) -> Attributes {
        self.attributes_of(PictureFormat::Png)
    }

    /// The attributes that belong to the picture as a file of this format.
    #[must_use]
    pub fn attributes_of(&self, format: PictureFormat) -> Attributes {
        Attributes::of(&self.facts, format)
    }

    /// The rooms whose names are in the picture, and where: no other pixel shows anything of a name. Empty unless the options ask for names.
    #[cfg(feature = "text")]
    pub fn room_names(&self) -> impl Iterator<Item = (&Room, Rect<PicturePixel>)> {
        let labels = if self.facts.options.labels.room_names { self.room_names.labels() } else { &[] };
        labels.iter().filter_map(|label| Some((self.facts.rooms.all().get(label.room())?, label.area())))
    }

    /// Why text is not in the font that the options name.
    #[cfg(feature = "text")]
    #[must_use]
    pub fn font_problem(&self) -> Option<&FontProblem> {
        let labels = &self.facts.options.labels;
        self.label.font_problem().filter(|_| labels.shown || labels.room_names)
    }
}
