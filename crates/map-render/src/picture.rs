//! The finished picture: a base, and over parts of it overlays of text.

mod base;
mod data;
mod overlay;
mod revisions;

pub use base::Base;
pub use data::PictureData;

use std::ops::Range;

use valetudo_map_crop::{RgbaPixel, Rows, Scaler, View, part_of, present};
use valetudo_map_draw::{AnyCanvas, Canvas, Change, Pixel, Rgba};
use valetudo_map_model::{CanvasPixel, PicturePixel, Rect, Rotation, Size};

use crate::rgba::colour_table;
pub(crate) use overlay::Overlay;
pub(crate) use revisions::BAND;
use revisions::Revisions;

/// A picture that follows a canvas.
///
/// Its base is in one of three [buffers](BaseBuffer). Pixels of overlays hide those of the base; they are the base with text blended in,
/// so they are blended again whenever the base below them or the text changes. The [revisions](Revisions) tell which rows changed.
#[derive(Debug, Default)]
pub(crate) struct Picture {
    /// The part of the canvas that the base shows; `None` before the first.
    view: Option<View>,
    buffer: BaseBuffer,
    /// Palette indices, turned: the base, or the source of its scaled colours.
    indices: Vec<u8>,
    palette: Vec<RgbaPixel>,
    /// The base as colours.
    colours: Vec<RgbaPixel>,
    /// Colours, turned, that the base is scaled from.
    turned: Vec<Rgba>,
    scaler: Scaler,
    /// Names of rooms, none of which overlaps another.
    names: Vec<Overlay>,
    /// The status text, over the names.
    status: Overlay,
    revisions: Revisions,
}

/// The buffer of a picture's base.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum BaseBuffer {
    /// In the canvas: the picture shows a part of it as it is, with `palette`.
    #[default]
    Canvas,
    /// In `indices`, with `palette`.
    Indices,
    /// In `colours`: scaled, or of a canvas that has more than 256 colours.
    Colours,
}

impl BaseBuffer {
    fn of(view: &View, canvas: AnyCanvas<'_>) -> Self {
        match canvas {
            _ if view.turned() != view.target => Self::Colours,
            AnyCanvas::Rgba(_) => Self::Colours,
            AnyCanvas::Indexed(canvas) if shows_as_it_is(view, canvas) => Self::Canvas,
            AnyCanvas::Indexed(_) => Self::Indices,
        }
    }

    /// Whether a picture in this buffer has the same rows in both views of an unchanged canvas, but that one may have more
    /// below.
    fn keeps_rows(self, before: &View, now: &View) -> bool {
        let in_canvas = |view: &View| (view.rotation, view.source.left, view.source.top, view.source.right);
        before == now || (self == Self::Canvas && in_canvas(before) == in_canvas(now))
    }
}

impl Picture {
    pub(crate) fn size(&self) -> Size<PicturePixel> {
        self.view.map_or(Size::new(0, 0), |view| view.target)
    }

    /// The pixels. `canvas` is the one that was shown last.
    pub(crate) fn data<'a>(&'a self, canvas: AnyCanvas<'a>) -> PictureData<'a> {
        let width = self.size().width as usize;
        let base = match (self.buffer, canvas, &self.view) {
            (BaseBuffer::Canvas, AnyCanvas::Indexed(canvas), Some(view)) => {
                Base::Indexed { indices: source_of(view, canvas), palette: &self.palette }
            }
            (BaseBuffer::Indices, ..) => {
                Base::Indexed { indices: Rows::new(&self.indices, width), palette: &self.palette }
            }
            _ => Base::Rgba(Rows::new(&self.colours, width)),
        };
        PictureData { base, names: &self.names, status: &self.status, revisions: self.revisions.of_bands() }
    }

    /// Shows `view` of `canvas`, which differs by `change` from the canvas that was shown last.
    pub(crate) fn show(&mut self, view: &View, canvas: AnyCanvas<'_>, change: Change) {
        let buffer = BaseBuffer::of(view, canvas);
        let height = view.target.height as usize;
        let before = self.view.filter(|before| self.buffer == buffer && buffer.keeps_rows(before, view));
        let is_same = before.is_some();
        let changed = if is_same { change.rects() } else { None };
        let all = if changed.is_none() { Some(view.source) } else { None };
        let parts = all.into_iter().chain(changed.into_iter().flatten());
        (self.view, self.buffer) = (Some(*view), buffer);
        let height_before = before.map_or(height, |before| before.target.height as usize);
        if all.is_some() {
            self.revisions.restart(height);
        } else if height != height_before {
            self.overlays_changed(self.part_of_rows(height.min(height_before)..height.max(height_before)));
            self.revisions.resize(height_before, height);
        }
        if parts.clone().next().is_none() {
            return;
        }
        let (is_scaled, background) = (view.turned() != view.target, canvas.background());
        // Scaled rows depend on several rows each.
        let fitted = match canvas {
            AnyCanvas::Indexed(canvas) => {
                self.palette.clear();
                self.palette.extend(canvas.palette().colours().iter().map(|colour| colour.0));
                let colours = colour_table(&self.palette);
                match buffer {
                    BaseBuffer::Canvas => None,
                    BaseBuffer::Indices => {
                        copy(view, parts.clone(), canvas, |index| index, 0, &mut self.indices);
                        None
                    }
                    BaseBuffer::Colours => {
                        let turned = turned(view, parts.clone(), canvas, 0, &mut self.indices);
                        let convert = |index| colours[usize::from(index)];
                        Some(fit(&mut self.scaler, view, turned, parts.clone(), convert, &mut self.colours))
                    }
                }
            }
            AnyCanvas::Rgba(canvas) if is_scaled => {
                let turned = turned(view, parts.clone(), canvas, background, &mut self.turned);
                let convert = |Rgba(colour)| colour;
                Some(fit(&mut self.scaler, view, turned, parts.clone(), convert, &mut self.colours))
            }
            AnyCanvas::Rgba(canvas) => {
                copy(view, parts.clone(), canvas, |Rgba(colour)| colour, background.0, &mut self.colours);
                None
            }
        };
        match fitted {
            _ if all.is_some() => self.base_changed(self.part_of_rows(0..height)),
            Some(rows) => self.base_changed(self.part_of_rows(rows)),
            None => parts.for_each(|part| self.base_changed(view.to_turned(part))),
        }
    }

    /// Notes that a part of the base changed.
    fn base_changed(&mut self, part: Rect<PicturePixel>) {
        self.overlays_changed(part);
        self.revisions.changed(part.top.max(0) as usize..part.bottom.max(0) as usize);
    }

    /// Notes that the pixels below the overlays changed.
    fn overlays_changed(&mut self, part: Rect<PicturePixel>) {
        self.names.iter_mut().chain([&mut self.status]).for_each(|overlay| overlay.base_changed(part));
    }

    /// Rows of the picture, which has under 2³¹.
    fn part_of_rows(&self, rows: Range<usize>) -> Rect<PicturePixel> {
        let side = |length: usize| i32::try_from(length).unwrap_or(i32::MAX);
        Rect::new(0, side(rows.start), self.size().to_rect().right, side(rows.end))
    }

    /// Lays names of rooms over `areas`, none of which overlaps another. `blend` blends the name of this number into colours of the base, row by
    /// row; it is called only if the names `are_new`, or the base below.
    #[cfg(feature = "text")]
    pub(crate) fn lay_names(
        &mut self,
        canvas: AnyCanvas<'_>,
        areas: impl ExactSizeIterator<Item = Rect<PicturePixel>>,
        are_new: bool,
        blend: impl Fn(usize, &mut [RgbaPixel]),
    ) {
        let mut names = std::mem::take(&mut self.names);
        for gone in names.iter().skip(areas.len()) {
            self.name_changed(gone);
        }
        names.resize_with(areas.len(), Overlay::default);
        for (number, (name, area)) in names.iter_mut().zip(areas).enumerate() {
            if !are_new && name.is_current(area) {
                continue;
            }
            self.name_changed(name);
            name.renew(area, (self.data(canvas).base(), &[]), |pixels| blend(number, pixels));
            self.name_changed(name);
        }
        self.names = names;
    }

    #[cfg(feature = "text")]
    fn name_changed(&mut self, name: &Overlay) {
        self.status.base_changed(name.pixels().0);
        self.revisions.changed(name.rows());
    }

    /// Lays the status text over `area`. `blend` blends it into the colours below it, row by row; it is called only if the text `is_new`, or
    /// the picture below it.
    #[cfg(feature = "text")]
    pub(crate) fn lay_status(
        &mut self,
        canvas: AnyCanvas<'_>,
        area: Rect<PicturePixel>,
        is_new: bool,
        blend: impl FnOnce(&mut [RgbaPixel]),
    ) {
        if !is_new && self.status.is_current(area) {
            return;
        }
        self.revisions.changed(self.status.rows());
        let mut status = std::mem::take(&mut self.status);
        status.renew(area, (self.data(canvas).base(), &self.names), blend);
        self.revisions.changed(status.rows());
        self.status = status;
    }

    /// Takes the status text away.
    #[cfg(feature = "text")]
    pub(crate) fn clear_status(&mut self) {
        self.revisions.changed(self.status.rows());
        self.status.clear();
    }
}

/// The rows of the turned picture that parts of the canvas are in.
fn rows_of(view: &View, parts: impl Iterator<Item = Rect<CanvasPixel>>) -> Range<usize> {
    let all = parts.map(|part| view.to_turned(part)).fold(Rect::EMPTY, Rect::union);
    all.top.max(0) as usize..all.bottom.max(0) as usize
}

/// Copies parts of a canvas into a turned picture.
fn copy<P: Pixel, Q: Copy + Default>(
    view: &View,
    parts: impl Iterator<Item = Rect<CanvasPixel>>,
    canvas: &Canvas<P>,
    convert: impl Fn(P) -> Q,
    background: Q,
    picture: &mut Vec<Q>,
) {
    let _span = match view.rotation {
        Rotation::None => tracing::info_span!("copy"),
        _ => tracing::info_span!("rotate"),
    }
    .entered();
    let (pixels, origin) = (rows(canvas), canvas.window().top_left());
    parts.for_each(|part| present(view, part, pixels, origin, background, &convert, picture));
}

/// The turned pixels that a picture is scaled from. They are those of the canvas if nothing is turned; otherwise parts of it are
/// copied to `copied`.
fn turned<'a, P: Pixel + Default>(
    view: &View,
    parts: impl Iterator<Item = Rect<CanvasPixel>>,
    canvas: &'a Canvas<P>,
    background: P,
    copied: &'a mut Vec<P>,
) -> Rows<'a, P> {
    if shows_as_it_is(view, canvas) {
        return source_of(view, canvas);
    }
    copy(view, parts, canvas, |pixel| pixel, background, copied);
    Rows::new(copied, view.turned().width as usize)
}

/// Scales a picture whose `parts` changed; returns the rows that it wrote.
fn fit<P: Copy + PartialEq>(
    scaler: &mut Scaler,
    view: &View,
    turned: Rows<'_, P>,
    parts: impl Iterator<Item = Rect<CanvasPixel>>,
    convert: impl Fn(P) -> RgbaPixel,
    picture: &mut Vec<RgbaPixel>,
) -> Range<usize> {
    let _span = tracing::info_span!("fit").entered();
    scaler.fit(view, turned, rows_of(view, parts), convert, picture)
}

/// Whether the view's source lies in the canvas as the turned picture has it.
fn shows_as_it_is<P: Pixel>(view: &View, canvas: &Canvas<P>) -> bool {
    view.rotation == Rotation::None && canvas.window().covers(&view.source)
}

/// The pixels of the view's source.
fn source_of<'a, P: Pixel>(view: &View, canvas: &'a Canvas<P>) -> Rows<'a, P> {
    part_of(rows(canvas), canvas.window().top_left(), view.source)
}

/// The pixels of a canvas.
pub(crate) fn rows<P: Pixel>(canvas: &Canvas<P>) -> Rows<'_, P> {
    Rows::new(canvas.pixels(), canvas.window().size().width as usize)
}
