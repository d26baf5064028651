//! A session: frames of one robot, each of which reuses much of the frame before.

use std::sync::Mutex;

use valetudo_map_crop::{NothingToShow, View, with_margin};
use valetudo_map_draw::{Activity, Change, DrawLimits, Drawing, LimitExceeded, Scene, Update};
use valetudo_map_model::{Centimetre, Map, Rect, Rotation};

use crate::content::drawn;
use crate::destinations::Destinations;
use crate::encode::PngEncoder;
use crate::facts::Facts;
use crate::frame::Frame;
use crate::framing::Framings;
use crate::limits::{FrameError, PictureLimit, PictureLimits};
use crate::options::{Crop, Floor, Options, Trims};
use crate::picture::Picture;
use crate::prepared::Prepared;
use crate::rooms::Rooms;
use crate::state::{State, VacuumState};
#[cfg(feature = "text")]
use crate::{
    room_names::{RoomLabel, RoomNames},
    status_text::Label,
};

/// Renders the maps of one robot.
///
/// It keeps everything that stays the same from frame to frame: the drawn layers, the crop box, compressed parts of the PNG,
/// every buffer. A frame shows its map, state and options, and depends on frames before in these ways alone:
///
/// * The crop box is that of the first frame with the same layers, so that the picture does not jump. A path or zone that grows
///   beyond the box is cut off there until the layers change; a new renderer shows all of it.
/// * A robot in no room, as on a threshold, counts as in the room where it was seen last.
/// * The framing belongs to a map's [id](Map::id): another id gets a framing of its own, and one that comes back has its old
///   one. Saved trims without an id belong to the first map with a robot.
///
/// Use one renderer for each robot; a renderer can be sent to another thread.
#[derive(Debug)]
pub struct Renderer {
    options: Options,
    limits: PictureLimits,
    destinations: Option<Destinations>,
    activity: Activity,
    rooms: Rooms,
    drawing: Drawing,
    prepared: Prepared,
    framings: Framings,
    picture: Picture,
    /// Whether the picture is that of the drawing.
    is_shown: bool,
    #[cfg(feature = "text")]
    label: Label,
    #[cfg(feature = "text")]
    room_names: RoomNames,
    /// In a lock, so that frames, which are lent, can encode and still be shared.
    png: Mutex<PngEncoder>,
}

impl Renderer {
    /// A session with these options.
    #[must_use]
    pub fn new(options: Options) -> Self {
        Self {
            options,
            limits: PictureLimits::DEFAULT,
            destinations: None,
            activity: Activity::default(),
            rooms: Rooms::default(),
            drawing: Drawing::default(),
            prepared: Prepared::default(),
            framings: Framings::default(),
            picture: Picture::default(),
            is_shown: false,
            #[cfg(feature = "text")]
            label: Label::default(),
            #[cfg(feature = "text")]
            room_names: RoomNames::default(),
            png: Mutex::default(),
        }
    }

    /// The options in force.
    #[must_use]
    pub const fn options(&self) -> &Options {
        &self.options
    }

    /// Changes the options; the next frame shows it.
    pub fn set_options(&mut self, options: Options) {
        if self.options != options {
            self.framings.forget(self.options.crop.trims == options.crop.trims);
            self.options = options;
            self.is_shown = false;
            self.forget_text();
        }
    }

    /// All text is composed again for the next frame.
    fn forget_text(&mut self) {
        #[cfg(feature = "text")]
        {
            self.label.forget();
            self.room_names.forget();
        }
    }

    /// Changes the limits of a picture's cost; the default is [`PictureLimits::DEFAULT`].
    pub fn set_limits(&mut self, limits: PictureLimits) {
        self.limits = limits;
    }

    /// Sets the names that come apart from the map (Valetudo RE); `None` forgets them.
    pub fn set_destinations(&mut self, destinations: Option<Destinations>) {
        self.destinations = destinations;
        self.forget_text();
    }

    /// Draws a map.
    ///
    /// # Errors
    /// The robot has no map yet, nothing is drawn, trims and offsets leave nothing of it, or it exceeds the limits.
    pub fn frame<'a>(&'a mut self, map: &'a Map, state: &'a State) -> Result<Frame<'a>, FrameError> {
        let _span = tracing::info_span!("frame").entered();
        if map.is_placeholder {
            return Err(FrameError::NoMapYet);
        }
        self.activity.docked = state.vacuum_state == VacuumState::Docked;
        self.activity.error = state.vacuum_state == VacuumState::Error;
        self.activity.mopping = state.mop_mode;
        self.activity.active_rooms.clone_from(&state.active_rooms);

        if self.framings.turn_to(map, || self.drawing.layers_fingerprint()) {
            // Leaving maps took theirs along.
            let last = self.framings.shown.last_room.take();
            self.rooms.resume(last);
            self.forget_text();
        }
        let rotation = self.rotation();
        self.prepared.follow(map, &self.options, rotation);
        // A frame that fails leaves the picture behind.
        let was_shown = std::mem::take(&mut self.is_shown);
        let update = self.draw(map)?;
        let change = if was_shown { update.change() } else { Change::EVERYTHING };
        self.rooms.follow(map, !update.layers_changed());
        self.framings.shown.last_room = self.rooms.last();
        self.framings.shown.follow(update.layers_changed(), || self.drawing.layers_fingerprint());
        if update.layers_changed() {
            self.forget_text();
        }
        // If nothing was drawn and nothing can zoom, the crop stays: no span.
        let rests = change.is_nothing() && !self.options.crop.auto_zoom;
        let cropping = (!rests).then(|| tracing::info_span!("crop").entered());
        let area = self.area()?;
        let zoom = self.zoom(map, state);
        let crop = &self.options.crop;
        let scale = self.prepared.scale();
        let shown = scale.to_canvas(zoom.unwrap_or_else(|| crop.offsets.apply(area)));
        let view = View::plan(shown, self.prepared.map(map).size.to_canvas(), rotation, crop.aspect_ratio)?;
        self.limits.check(PictureLimit::PicturePixels, view.turned().area().max(view.target.area()))?;
        self.picture.show(&view, self.drawing.canvas(), change);
        self.is_shown = true;
        drop(cropping);
        #[cfg(feature = "text")]
        {
            self.lay_room_names(map, &view, state);
            self.lay_status(state);
        }
        let map_change = self.framings.tell();
        Ok(Frame {
            facts: Facts {
                map,
                state,
                options: &self.options,
                destinations: self.destinations.as_ref(),
                rooms: &self.rooms,
                view,
                scale,
                area: area.intersection(map.size.to_rect()),
                trims: self.trims(),
                floor: self.floor_name(),
                zoomed: zoom.is_some(),
            },
            map_change,
            extent: self.drawing.extent(),
            canvas: self.drawing.canvas(),
            picture: &self.picture,
            #[cfg(feature = "text")]
            label: &self.label,
            #[cfg(feature = "text")]
            room_names: &self.room_names,
            png: &self.png,
        })
    }

    /// Lays the names of rooms over the picture, if they are wanted.
    #[cfg(feature = "text")]
    fn lay_room_names(&mut self, map: &Map, view: &View, state: &State) {
        let (mut are_new, mut labels) = (false, Default::default());
        if self.options.labels.room_names {
            let (map, style) = (self.prepared.map(map), self.prepared.style(&self.options.style));
            let rooms = (&self.rooms, self.destinations.as_ref());
            let look = (state.language.as_str(), &self.options.labels);
            let scene = Scene { map, style, activity: &self.activity };
            are_new = self.room_names.prepare(scene, rooms, view, look, self.label.fonts());
            labels = self.room_names.labels();
        }
        let areas = labels.iter().map(RoomLabel::area);
        self.picture.lay_names(self.drawing.canvas(), areas, are_new, |name, pixels| labels[name].blend(pixels));
    }

    /// Lays the status text over the picture, if it is wanted.
    #[cfg(feature = "text")]
    fn lay_status(&mut self, state: &State) {
        if self.options.labels.shown {
            let size = self.picture.size();
            let look = &self.options.labels;
            let is_new = self.label.prepare(state, &self.rooms, self.destinations.as_ref(), look, size);
            let (area, label, canvas) = (self.label.area(), &self.label, self.drawing.canvas());
            return self.picture.lay_status(canvas, area, is_new, |pixels| label.blend(look.colour, pixels));
        }
        self.picture.clear_status();
    }

    fn draw(&mut self, map: &Map) -> Result<Update, FrameError> {
        let (style, map) = (self.prepared.style(&self.options.style), self.prepared.map(map));
        let scene = Scene { map, style, activity: &self.activity };
        let margin = self.prepared.scale().to_canvas(Rect::EMPTY.grown(self.options.crop.margin)).right;
        let limits = DrawLimits::new(self.limits.picture_pixels, self.limits.painted_pixels);
        self.drawing.update(scene, margin, limits).map_err(|exceeded| match exceeded {
            LimitExceeded::PaintedPixels { max } => {
                FrameError::LimitExceeded { limit: PictureLimit::PaintedPixels, max }
            }
            _ => FrameError::LimitExceeded { limit: PictureLimit::PicturePixels, max: self.limits.picture_pixels },
        })
    }

    /// The floor of the map that is shown, if the options know it by its id.
    fn floor(&self) -> Option<&Floor> {
        let id = self.framings.id()?;
        self.options.crop.floors.iter().find(|floor| floor.map_id == id)
    }

    /// The name of the floor of the map that is shown.
    fn floor_name(&self) -> &str {
        let Crop { trims, current_floor, .. } = &self.options.crop;
        let saved = || trims.as_ref().map_or(current_floor, |trims| &trims.floor);
        self.floor().map_or_else(saved, |floor| &floor.name)
    }

    /// How the map that is shown is turned.
    fn rotation(&self) -> Rotation {
        self.floor().and_then(|floor| floor.rotation).unwrap_or(self.options.style.rotation)
    }

    /// The saved trims of the map that is shown.
    fn trims(&self) -> Option<&Trims> {
        match self.floor() {
            Some(floor) => floor.trims.as_ref(),
            None => self.options.crop.trims.as_ref().filter(|_| self.framings.is_home()),
        }
    }

    /// The box that is shown unless it is zoomed, before offsets. It may reach beyond the map: only after offsets it is cut.
    fn area(&mut self) -> Result<Rect<Centimetre>, NothingToShow> {
        if let Some(trims) = self.trims() {
            return Ok(trims.area);
        }
        let content = match self.framings.shown.content {
            Some(content) => content,
            None => {
                let _span = tracing::info_span!("margins").entered();
                let content =
                    drawn(self.drawing.canvas(), self.drawing.extent()).ok_or(NothingToShow::NOTHING_DRAWN)?;
                let content = self.prepared.scale().to_centimetres(content);
                *self.framings.shown.content.insert(with_margin(content, self.options.crop.margin))
            }
        };
        Ok(content)
    }

    /// The robot's room with its margin, while it is being cleaned and the user wants to see it alone.
    fn zoom(&self, map: &Map, state: &State) -> Option<Rect<Centimetre>> {
        if !self.options.crop.auto_zoom || state.vacuum_state != VacuumState::Cleaning {
            return None;
        }
        let _span = tracing::info_span!("zoom").entered();
        let scene = Scene { map, style: &self.options.style, activity: &self.activity };
        let room = self.rooms.current()?;
        let active = scene.is_active(&room.segment, room.position);
        active.then(|| room.outline.bounds().grown(self.options.crop.margin))
    }
}
