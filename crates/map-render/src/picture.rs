//! The finished picture.

use ndarray::{ArrayView2, ArrayViewMut2};
use valetudo_map_crop::{RgbaPixel, Rows, Scaler, View, part_of, present};
use valetudo_map_draw::{AnyCanvas, Canvas, Change, Pixel, Rgba};
use valetudo_map_model::{CanvasPixel, PicturePixel, Point, Rect, Rotation, Size};

use crate::rgba;

/// A picture: one byte a pixel with a palette, or four bytes a pixel when it has more than 256 colours, was scaled, or
/// something is written on it.
///
/// Mostly it is a part of the canvas as it lies there, and has no pixels of its own.
#[derive(Debug)]
pub(crate) struct Picture {
    /// Which part of the canvas it shows.
    view: Option<View>,
    form: Form,
    indices: Vec<u8>,
    palette: Vec<RgbaPixel>,
    colours: Vec<RgbaPixel>,
    /// Whether `colours` show it in every form, because something is written on them.
    is_written: bool,
    /// Where.
    written: Rect<PicturePixel>,
    /// A row of them.
    row: Vec<RgbaPixel>,
    /// Turned but not yet scaled.
    turned: Vec<RgbaPixel>,
    scaler: Scaler,
}

/// What a picture's pixels are, below what is written on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// The canvas's, with `palette`.
    OnCanvas,
    /// `indices` with `palette`.
    Indexed,
    /// `colours`.
    Colours,
}

/// The pixels of a picture, row by row from its top left corner.
#[derive(Debug, Clone, Copy)]
pub enum PictureData<'a> {
    /// One byte a pixel.
    Indexed {
        /// Numbers of colours: rows × columns. Each row is a slice; between the end of one and the start of the next,
        /// there may be other pixels.
        indices: ArrayView2<'a, u8>,
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

    /// Its pixels, some of which may be those of the canvas that it was [taken](Self::take) from.
    pub(crate) fn data<'a>(&'a self, canvas: AnyCanvas<'a>) -> PictureData<'a> {
        if self.is_written || self.form == Form::Colours {
            return PictureData::Rgba(&self.colours);
        }
        let indices = below(self.form, self.view, canvas, &self.indices);
        PictureData::Indexed { indices, palette: &self.palette }
    }

    /// Lets `write` change the pixels as colours; it says where it did.
    pub(crate) fn write(
        &mut self,
        canvas: AnyCanvas<'_>,
        write: impl FnOnce(&mut [RgbaPixel], Size<PicturePixel>) -> Rect<PicturePixel>,
    ) {
        if !self.is_written && self.form != Form::Colours {
            let (indices, colours) = (below(self.form, self.view, canvas, &self.indices), &mut self.colours);
            colours.clear();
            colours.reserve(indices.len());
            rgba::each_row(indices, &self.palette, &mut self.row, |row| colours.extend_from_slice(row));
        }
        self.is_written = true;
        let size = self.size();
        self.written = write(&mut self.colours, size);
    }

    /// Becomes what `view` shows of `canvas`, in the memory that there is. `change` is where the canvas may differ from
    /// the one of the picture before.
    pub(crate) fn take(&mut self, view: &View, canvas: AnyCanvas<'_>, change: Change) {
        let is_unscaled = view.turned() == view.target;
        let form = match canvas {
            AnyCanvas::Indexed(canvas) if is_unscaled => {
                if on_canvas(view, canvas).is_some() {
                    Form::OnCanvas
                } else {
                    Form::Indexed
                }
            }
            _ => Form::Colours,
        };
        let is_same_view = self.view == Some(*view);
        if is_same_view && change.is_nothing() && self.written.is_empty() && self.form == form {
            return;
        }
        // What was written on colours that come from nowhere else cannot be taken off.
        let goes_on = self.form == form && (form != Form::Colours || self.written.is_empty());
        let changed = if is_unscaled && goes_on && is_same_view { change.rects() } else { None };
        if changed.is_none() {
            self.form = form;
            self.is_written = false;
            self.written = Rect::EMPTY;
        }
        let all = if changed.is_none() { Some(view.source) } else { None };
        let parts = all.into_iter().chain(changed.into_iter().flatten());
        self.view = Some(*view);
        self.palette.clear();
        if let AnyCanvas::Indexed(canvas) = canvas {
            self.palette.extend(canvas.palette().colours().iter().map(|colour| colour.0));
        }

        if form == Form::OnCanvas && !self.is_written {
            return;
        }
        let copying = tracing::info_span!("rotate").entered();
        let origin = canvas.window().top_left();
        let colours = if is_unscaled { &mut self.colours } else { &mut self.turned };
        match canvas {
            AnyCanvas::Indexed(indexed) if is_unscaled => {
                let indices = view_of(indexed);
                if form == Form::Indexed {
                    copy(view, parts.clone(), &indices, origin, 0, |index| index, &mut self.indices);
                }
                if self.is_written {
                    let colour = colour_table(&self.palette);
                    let convert = |index: u8| colour[usize::from(index)];
                    copy(view, parts.clone(), &indices, origin, colour[0], convert, colours);
                    let indices = below(form, self.view, canvas, &self.indices);
                    erase(&mut self.colours, self.written, indices, &colour);
                }
            }
            AnyCanvas::Indexed(indexed) => {
                let indices = view_of(indexed);
                let colour = colour_table(&self.palette);
                let convert = |index: u8| colour[usize::from(index)];
                copy(view, parts.clone(), &indices, origin, colour[0], convert, colours);
            }
            AnyCanvas::Rgba(full) => {
                let convert = |colour: Rgba| colour.0;
                copy(view, parts.clone(), &view_of(full), origin, full.background().0, convert, colours);
            }
        }
        drop(copying);
        if !is_unscaled {
            let _span = tracing::info_span!("fit").entered();
            let turned = Rows::new(&self.turned, view.turned().width as usize);
            self.scaler.fit(view, turned, |colour| colour, &mut self.colours);
        }
    }
}

impl Default for Picture {
    fn default() -> Self {
        Self {
            view: None,
            form: Form::OnCanvas,
            indices: Vec::new(),
            palette: Vec::new(),
            colours: Vec::new(),
            is_written: false,
            written: Rect::EMPTY,
            row: Vec::new(),
            turned: Vec::new(),
            scaler: Scaler::default(),
        }
    }
}

/// A picture's numbers of colours, rows × columns; none where it has only colours.
fn below<'a>(form: Form, view: Option<View>, canvas: AnyCanvas<'a>, indices: &'a [u8]) -> ArrayView2<'a, u8> {
    let pixels = match (form, canvas, view) {
        (Form::OnCanvas, AnyCanvas::Indexed(canvas), Some(view)) => on_canvas(&view, canvas),
        (Form::Indexed, _, Some(view)) => {
            ArrayView2::from_shape((view.target.height as usize, view.target.width as usize), indices).ok()
        }
        _ => None,
    };
    pixels.unwrap_or_else(|| ArrayView2::from(&[[]]))
}

/// The pixels of a canvas, rows × columns.
pub(crate) fn view_of<P: Pixel>(canvas: &Canvas<P>) -> ArrayView2<'_, P> {
    let size = canvas.window().size();
    let view = ArrayView2::from_shape((size.height as usize, size.width as usize), canvas.pixels());
    // A canvas has as many pixels as its window.
    view.unwrap_or_else(|_| ndarray::aview2::<P, 0>(&[]))
}

/// The part of a canvas's pixels that a view shows as they are.
fn on_canvas<'a>(view: &View, canvas: &'a Canvas<u8>) -> Option<ArrayView2<'a, u8>> {
    let (window, source) = (canvas.window(), view.source);
    if view.rotation != Rotation::None || view.turned() != view.target || !window.covers(&source) {
        return None;
    }
    Some(part_of(view_of(canvas), window.top_left(), source))
}

/// Makes the pixels of `area` those of `indices` again.
fn erase(colours: &mut [RgbaPixel], area: Rect<PicturePixel>, indices: ArrayView2<'_, u8>, colour: &[RgbaPixel; 256]) {
    let (top, bottom) = (area.top.max(0) as usize, area.bottom.max(0) as usize);
    let columns = area.left.max(0) as usize..area.right.max(0) as usize;
    let rows = colours.chunks_exact_mut(indices.ncols().max(1)).zip(rgba::slices(indices));
    for (to, from) in rows.take(bottom).skip(top) {
        let (Some(to), Some(from)) = (to.get_mut(columns.clone()), from.get(columns.clone())) else { return };
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
    parts: impl Iterator<Item = Rect<CanvasPixel>>,
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
