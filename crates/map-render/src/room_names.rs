//! The names of rooms in the picture: each wholly inside its room, or left out.
//!
//! A name is laid over the finished picture, so that it stands upright and sharp however the map is turned and fitted. Its rectangle lies on
//! map pixels that are the room's alone. It gets the largest of a few sizes, in one line if that fits, otherwise in two or
//! three, and stands as near to the room's centroid as a gap around it allows. All that depends on layers, view and names alone, so a name
//! rests while those do.

mod cells;
mod colours;
mod name;

use std::path::PathBuf;

use valetudo_map_crop::{RgbaPixel, View};
use valetudo_map_draw::{Rgba, Scene};
use valetudo_map_model::{MapPixel, PicturePixel, Point, Rect, Room, Size};

use self::cells::Space;
use self::colours::readable_on;
use self::name::{Name, Picture, centred};
use crate::destinations::Destinations;
use crate::options::Labels;
use crate::rooms::{Rooms, name_of};
use crate::status_text::{Fonts, over};

/// Robots number rooms in a byte. Further rooms have no names in the picture.
const MOST_ROOMS: usize = 255;
/// The smallest text that can be read, pixels to the em.
const SMALLEST: u32 = 8;
/// The largest text, pixels to the em: more is not read better.
const LARGEST: u32 = 64;
/// Of a picture's mean side, the size of text that is easily read when the picture is as wide as a phone.
const OF_SIDE: f64 = 1.0 / 30.0;
/// Each size is so much of the one before, down to [`LEAST`] of the first.
const STEP: f64 = 0.85;
const LEAST: f64 = 0.45;
/// Gaps around a name that are tried, ems.
const GAPS: [f64; 3] = [0.8, 0.3, 0.0];
/// Of the halo's coverage, how much is painted: paths below a name can still be followed.
const HALO: u32 = 230;

/// The names of a session's rooms.
#[derive(Debug, Default)]
pub(crate) struct RoomNames {
    /// The frame for which the labels were placed; `None` if they have to be placed again.
    view: Option<View>,
    language: String,
    font: Option<PathBuf>,
    names: Vec<Name>,
    labels: Vec<RoomLabel>,
    space: Space,
}

/// A name in the picture.
#[derive(Debug)]
pub(crate) struct RoomLabel {
    /// Its room, as a position among the rooms.
    room: usize,
    /// Inside of the picture.
    area: Rect<PicturePixel>,
    text: Rgba,
    ground: Rgba,
    picture: Picture,
}

impl RoomNames {
    /// Places the names anew for the next frame.
    pub(crate) fn forget(&mut self) {
        self.view = None;
    }

    /// Places the names, unless they are; `true` if they were. `view` shows the drawn `scene`.
    pub(crate) fn prepare(
        &mut self,
        scene: Scene<'_>,
        (rooms, destinations): (&Rooms, Option<&Destinations>),
        view: &View,
        (language, look): (&str, &Labels),
        fonts: &mut Fonts,
    ) -> bool {
        if self.view == Some(*view) && self.language == language {
            return false;
        }
        let _span = tracing::info_span!("room_names").entered();
        fonts.prepare(look.font.as_deref());
        if self.language != language || self.font != look.font {
            self.names.clear();
        }
        (self.view, self.font) = (Some(*view), look.font.clone());
        language.clone_into(&mut self.language);
        self.labels.clear();

        let grid = Grid::new(scene, view);
        let cells = cells::of_rooms(scene.map, grid.shown, MOST_ROOMS);
        let mut before = std::mem::take(&mut self.names);
        for (room, cells) in rooms.all().iter().enumerate().filter_map(|(number, room)| {
            let cells = cells.get(room.position).filter(|_| scene.shows_room(room.position))?;
            Some(((number, room), cells))
        }) {
            let (number, room) = room;
            let text = name_of(room, destinations);
            // The room that stands for all of the floor has no name.
            if text == Room::PLACEHOLDER_NAME {
                continue;
            }
            let name = match before.iter().position(|name| name.text == text) {
                Some(known) => before.swap_remove(known),
                None => Name::new(&text, language, fonts),
            };
            self.space.read(cells);
            if let Some((layout, size, area)) = grid.place(&name, &mut self.space) {
                let ground = scene.room_colour(&room.segment, room.position);
                let picture = name.layouts[layout].draw(size, fonts);
                let text = readable_on(ground.over(Some(Rgba::opaque(255, 255, 255))));
                self.labels.push(RoomLabel { room: number, area, text, ground, picture });
            }
            self.names.push(name);
        }
        true
    }

    /// The names in the picture.
    pub(crate) fn labels(&self) -> &[RoomLabel] {
        &self.labels
    }
}

impl RoomLabel {
    /// Its room, as a position among the rooms.
    pub(crate) const fn room(&self) -> usize {
        self.room
    }

    /// Where it is, inside of the picture.
    pub(crate) const fn area(&self) -> Rect<PicturePixel> {
        self.area
    }

    /// Blends it into the pixels of its area: around the letters the room's own colour, so that paths and patterns below do not
    /// disturb them.
    pub(crate) fn blend(&self, pixels: &mut [RgbaPixel]) {
        let covered = self.picture.letters.iter().zip(&self.picture.halo);
        for (pixel, (&letters, &halo)) in pixels.iter_mut().zip(covered).filter(|(_, (_, halo))| **halo > 0) {
            *pixel = over(self.ground.0, (u32::from(halo) * HALO / 255) as u8, *pixel);
            *pixel = over(self.text.0, letters, *pixel);
        }
    }
}

/// Map pixels as the picture shows them.
#[derive(Debug)]
struct Grid {
    view: View,
    /// Canvas pixels to a map pixel.
    side: f64,
    /// Picture pixels to a map pixel, across and down.
    across: f64,
    down: f64,
    /// The map pixels that are wholly in the picture.
    shown: Rect<MapPixel>,
    /// The size of text that is tried first.
    largest: u32,
}

impl Grid {
    fn new(scene: Scene<'_>, view: &View) -> Self {
        let (p, source) = (scene.map.pixel_size.get(), view.source);
        let up = |at: i32| -(-at).div_euclid(p);
        let down = |at: i32| at.div_euclid(p);
        let (turned, fitted) = (view.turned(), view.fitted);
        let per_canvas = |fitted: u32, turned: u32| f64::from(p) * f64::from(fitted) / f64::from(turned.max(1));
        let mean_side = (f64::from(fitted.width) * f64::from(fitted.height)).sqrt();
        Self {
            view: *view,
            side: f64::from(p),
            across: per_canvas(fitted.width, turned.width),
            down: per_canvas(fitted.height, turned.height),
            shown: Rect::new(up(source.left), up(source.top), down(source.right), down(source.bottom)),
            largest: ((mean_side * OF_SIDE).round() as u32).clamp(SMALLEST + 4, LARGEST),
        }
    }

    /// Where a name stands in a room, how large, and in which of its layouts.
    fn place(&self, name: &Name, space: &mut Space) -> Option<(usize, u32, Rect<PicturePixel>)> {
        let smallest = (f64::from(self.largest) * LEAST).max(SMALLEST.into());
        let mut wanted = f64::from(self.largest);
        while wanted >= smallest {
            let size = wanted as u32;
            for (number, layout) in name.layouts.iter().enumerate() {
                let pixels = layout.size(size);
                // Most names that do not fit at all are found out without a gap.
                if self.fit(pixels, 0, space).is_none() {
                    continue;
                }
                let gaps = GAPS.into_iter().map(|gap| (gap * f64::from(size)) as u32);
                if let Some(area) = gaps.filter_map(|gap| self.fit(pixels, gap, space)).next() {
                    return Some((number, size, area));
                }
            }
            wanted *= STEP;
        }
        None
    }

    /// Where `size` picture pixels fit in a room, with a gap around them.
    fn fit(&self, size: Size<PicturePixel>, gap: u32, space: &mut Space) -> Option<Rect<PicturePixel>> {
        let is_scaled = self.view.fitted != self.view.turned();
        // Scaled map pixels do not begin where a pixel of the picture does.
        let cells = |pixels: u32, per_cell: f64| {
            let pixels = pixels.saturating_add(2 * gap + u32::from(is_scaled));
            ((f64::from(pixels) / per_cell).ceil() as i32).max(1)
        };
        let (across, down) = (cells(size.width, self.across), cells(size.height, self.down));
        let cells = if self.view.rotation.swaps_sides() { space.fit(down, across) } else { space.fit(across, down) }?;
        centred(self.pixels_within(cells), size)
    }

    /// The picture's pixels that lie wholly in a rectangle of map pixels.
    fn pixels_within(&self, cells: Rect<MapPixel>) -> Rect<PicturePixel> {
        /// The part of a pixel that rounding may lose.
        const NOTHING: f64 = 1e-6;
        let corner =
            |x: i32, y: i32| self.view.to_picture(Point::new(f64::from(x) * self.side, f64::from(y) * self.side));
        let (one, other) = (corner(cells.left, cells.top), corner(cells.right, cells.bottom));
        let first = |one: f64, other: f64| (one.min(other) - NOTHING).ceil() as i32;
        let end = |one: f64, other: f64| (one.max(other) + NOTHING).floor() as i32;
        Rect::new(first(one.x, other.x), first(one.y, other.y), end(one.x, other.x), end(one.y, other.y))
    }
}
