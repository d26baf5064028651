//! The status text of a session.

use valetudo_map_crop::RgbaPixel;
use valetudo_map_draw::Rgba;
use valetudo_map_model::{PicturePixel, Rect, Size};

use super::composition::StatusText;
use super::fonts::{FontProblem, Fonts};
use super::painter::TextPainter;
use crate::destinations::Destinations;
use crate::options::Labels;
use crate::rooms::{Rooms, name_of};
use crate::state::State;

/// Composes the status text of each frame, and keeps it as long as it would be the same.
#[derive(Debug, Default)]
pub(crate) struct Label {
    painter: TextPainter,
    composed: Option<Composed>,
}

/// A status text, and the source that it was composed from.
#[derive(Debug)]
struct Composed {
    state: State,
    /// The robot's, as a position among the rooms.
    room: Option<usize>,
    /// The picture's, pixels.
    width: u32,
    text: StatusText,
}

impl Label {
    /// Composes the text anew for the next frame.
    pub(crate) fn forget(&mut self) {
        self.composed = None;
    }

    /// Gets ready to [blend](Self::blend) the text into a picture of this size; `true` if it looks different from the last one.
    pub(crate) fn prepare(
        &mut self,
        state: &State,
        rooms: &Rooms,
        destinations: Option<&Destinations>,
        look: &Labels,
        size: Size<PicturePixel>,
    ) -> bool {
        let (room, width) = (rooms.current_position(), size.width);
        let known = self.composed.take();
        let known = known.filter(|known| (known.room, known.width, &known.state) == (room, width, state));
        let composed = self.composed.insert(known.unwrap_or_else(|| {
            let name = rooms.current().map(|room| name_of(room, destinations));
            let text = StatusText::compose(state, name.as_deref(), width, look);
            Composed { state: state.clone(), room, width, text }
        }));
        let _span = tracing::info_span!("status_text").entered();
        self.painter.prepare(&composed.text, look, size)
    }

    /// Where the text is, inside of the picture.
    pub(crate) fn area(&self) -> Rect<PicturePixel> {
        self.painter.area()
    }

    /// Blends the text into the pixels of its area.
    pub(crate) fn blend(&self, colour: Rgba, pixels: &mut [RgbaPixel]) {
        let _span = tracing::info_span!("status_text").entered();
        let width = self.area().size().width as usize;
        self.painter.blend(colour, pixels.chunks_exact_mut(width.max(1)));
    }

    /// The fonts of all text in the picture.
    pub(crate) const fn fonts(&mut self) -> &mut Fonts {
        self.painter.fonts()
    }

    pub(crate) fn font_problem(&self) -> Option<&FontProblem> {
        self.painter.font_problem()
    }
}
