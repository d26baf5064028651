//! The finished picture.

use ndarray::{ArrayView2, ArrayViewMut2};
use valetudo_map_crop::{RgbaPixel, Scaler, View, present};
use valetudo_map_draw::{Canvas, Change, Pixels, Rgba};
use valetudo_map_model::{CanvasPixel, PicturePixel, Point, Rect, Size};

use crate::rgba;

/// A picture: one byte a pixel with a palette, or four bytes a pixel when it has more than 256 colours, was scaled, or
/// something is written on it.
#[derive(Debug)]
pub(crate) struct Picture {
    /// Which part of the canvas it shows.
    view: Option<View>,
    form: Form,
    indices: Vec<u8>,
    palette: Vec<RgbaPixel>,
    colours: Vec<RgbaPixel>,
    /// Where something is written on `colours`.
    written: Rect<PicturePixel>,
    /// A row of them.
    row: Vec<RgbaPixel>,
    /// Turned but not yet scaled.
    turned: Vec<RgbaPixel>,
    scaler: Scaler,
}

/// What a picture's pixels are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// `indices` with `palette`.
    Indexed,
    /// `colours`; where nothing is written they are those of `indices`.
    Written,
    /// `colours`.
    Colours,
}

/// The pixels of a picture, row by row from its top left corner.
#[derive(Debug, Clone, Copy)]
pub enum PictureData<'a> {
    /// One byte a pixel.
    Indexed {
        /// Numbers of colours.
        indices: &'a [u8],
        /// The colours.
        palette: &'a [RgbaPixel],
    },
    /// Four bytes a pixel.
    Rgba(&'a [RgbaPixel]),
}

impl Picture {
    pub(crate) fn size(&self) -> Size<PicturePixel> {
        self.view.map_or(Size::new(0, 0), |view| view.target)
    }

    pub(crate) fn data(&self) -> PictureData<'_> {
        match self.form {
            Form::Indexed => PictureData::Indexed { indices: &self.indices, palette: &self.palette },
            Form::Written | Form::Colours => PictureData::Rgba(&self.colours),
        }
    }

    /// Lets `write` change the pixels as colours; it says where it did.
    pub(crate) fn write(&mut self, write: impl FnOnce(&mut [RgbaPixel], Size<PicturePixel>) -> Rect<PicturePixel>) {
        if self.form == Form::Indexed {
            let width = self.size().width as usize;
            let colours = &mut self.colours;
            colours.clear();
            colours.reserve(self.indices.len());
            rgba::each_row(&self.indices, &self.palette, width, &mut self.row, |row| colours.extend_from_slice(row));
            self.form = Form::Written;
        }
        let size = self.size();
        self.written = write(&mut self.colours, size);
    }

    /// Becomes what `view` shows of `canvas`, in the memory that there is. `change` is where the canvas may differ from
    /// the one of the picture before.
    pub(crate) fn take(&mut self, view: &View, canvas: &Canvas, change: Change) {
        let is_unscaled = view.turned() == view.target;
        let form = match canvas.pixels() {
            Pixels::Indexed { .. } if is_unscaled => Form::Indexed,
            _ => Form::Colours,
        };
        let is_same_view = self.view == Some(*view);
        if is_same_view && change == Change::NOTHING && self.written.is_empty() && self.form == form {
            return;
        }
        let goes_on = match (self.form, form) {
            (Form::Indexed | Form::Written, Form::Indexed) => true,
            // What was written cannot be taken off.
            (Form::Colours, Form::Colours) => self.written.is_empty(),
            _ => false,
        };
        let parts = match change {
            Change::Within(parts) if is_unscaled && goes_on && is_same_view => parts,
            _ => {
                self.form = form;
                self.written = Rect::EMPTY;
                [view.source, Rect::EMPTY, Rect::EMPTY]
            }
        };
        self.view = Some(*view);
        self.palette.clear();
        if let Pixels::Indexed { palette, .. } = canvas.pixels() {
            self.palette.extend(palette.iter().map(|colour| colour.0));
        }

        let copying = tracing::info_span!("rotate").entered();
        let origin = Point::new(canvas.window().left, canvas.window().top);
        let colours = if is_unscaled { &mut self.colours } else { &mut self.turned };
        match canvas.pixels() {
            Pixels::Indexed { indices, .. } if is_unscaled => {
                copy(view, parts, &indices, origin, 0, |index| index, &mut self.indices);
                if self.form == Form::Written {
                    let colour = colour_table(&self.palette);
                    let convert = |index: u8| colour[usize::from(index)];
                    copy(view, parts, &indices, origin, colour[0], convert, colours);
                    erase(&mut self.colours, self.written, &self.indices, &colour, view.target);
                }
            }
            Pixels::Indexed { indices, .. } => {
                let colour = colour_table(&self.palette);
                let convert = |index: u8| colour[usize::from(index)];
                copy(view, parts, &indices, origin, colour[0], convert, colours);
            }
            Pixels::Full { colours: pixels, background } => {
                copy(view, parts, &pixels, origin, background.0, |colour: Rgba| colour.0, colours);
            }
        }
        drop(copying);
        if !is_unscaled {
            let _span = tracing::info_span!("fit").entered();
            self.scaler.fit(view, &self.turned, &mut self.colours);
        }
    }
}

impl Default for Picture {
    fn default() -> Self {
        Self {
            view: None,
            form: Form::Indexed,
            indices: Vec::new(),
            palette: Vec::new(),
            colours: Vec::new(),
            written: Rect::EMPTY,
            row: Vec::new(),
            turned: Vec::new(),
            scaler: Scaler::default(),
        }
    }
}

/// Makes the pixels of `area` those of `indices` again, in a picture of this size.
fn erase(
    colours: &mut [RgbaPixel],
    area: Rect<PicturePixel>,
    indices: &[u8],
    colour: &[RgbaPixel; 256],
    size: Size<PicturePixel>,
) {
    let width = size.width as usize;
    for row in area.top.max(0) as usize..area.bottom.max(0) as usize {
        let range = row * width + area.left.max(0) as usize..row * width + area.right.max(0) as usize;
        let (Some(to), Some(from)) = (colours.get_mut(range.clone()), indices.get(range)) else { return };
        to.iter_mut().zip(from).for_each(|(to, &index)| *to = colour[usize::from(index)]);
    }
}

/// Makes `pixels` as many as that; what they are is left open. Fresh memory comes as zeros, and costs nothing until it is
/// written.
fn resize<P: Copy + Default>(pixels: &mut Vec<P>, count: usize) {
    if pixels.capacity() < count {
        *pixels = Vec::new();
        *pixels = vec![P::default(); count];
    } else {
        pixels.resize(count, P::default());
    }
}

/// The palette, with as many colours as a byte can name.
pub(crate) fn colour_table(palette: &[RgbaPixel]) -> [RgbaPixel; 256] {
    let mut table = [RgbaPixel::default(); 256];
    table.iter_mut().zip(palette).for_each(|(to, from)| *to = *from);
    table
}

/// Makes `picture` as large as the view is when turned, and copies the parts.
fn copy<P: Copy, Q: Copy + Default>(
    view: &View,
    parts: [Rect<CanvasPixel>; 3],
    canvas: &ArrayView2<'_, P>,
    origin: Point<CanvasPixel>,
    background: Q,
    convert: impl Fn(P) -> Q,
    picture: &mut Vec<Q>,
) {
    let size = view.turned();
    let shape = (size.height as usize, size.width as usize);
    resize(picture, shape.0 * shape.1);
    let Ok(mut picture) = ArrayViewMut2::from_shape(shape, picture) else { return };
    for part in parts {
        present(view, part, canvas, origin, background, &convert, &mut picture);
    }
}
