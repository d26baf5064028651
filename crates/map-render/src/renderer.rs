//! A session: frames of one robot, each remembering what it can of the one before.

use ndarray::ArrayView2;
use valetudo_map_crop::{NothingToShow, View, content_bounds, with_margin};
use valetudo_map_draw::{Activity, Canvas, Pixels, Rgba, Scene, bounds, draw_moving, draw_still};
use valetudo_map_model::{CanvasPixel, Dialect, Entity, Layer, Map, PixelSize, Point, Rect, Size};

use crate::frame::Frame;
use crate::options::Options;
use crate::picture::Picture;
use crate::state::State;

/// Renders the maps of one robot.
///
/// It keeps what does not change from frame to frame: the drawn layers, the crop box, every buffer. What did change shows
/// in the next frame, in whatever order maps come. Several robots are several renderers; a renderer can be sent to
/// another thread.
#[derive(Debug)]
pub struct Renderer {
    options: Options,
    activity: Activity,
    still: Option<Still>,
    /// What lies still.
    base: Canvas,
    /// That, and what moves.
    canvas: Canvas,
    picture: Picture,
}

/// What a base picture was drawn from, and the box around it.
#[derive(Debug)]
struct Still {
    dialect: &'static Dialect,
    size: Size<CanvasPixel>,
    pixel_size: PixelSize,
    layers: Vec<Layer>,
    entities: Vec<Entity>,
    active_rooms: Vec<bool>,
    /// Around the first frame's content, with margin; kept as long as the layers are the same.
    frame: Option<Rect<CanvasPixel>>,
}

impl Renderer {
    /// A session with these options.
    #[must_use]
    pub fn new(options: Options) -> Self {
        let empty = Canvas::new(Size::new(0, 0), Rect::EMPTY, options.style.background);
        Self {
            options,
            activity: Activity::default(),
            still: None,
            base: empty.clone(),
            canvas: empty,
            picture: Picture::default(),
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
            self.options = options;
            self.still = None;
        }
    }

    /// Draws a map.
    ///
    /// # Errors
    /// Nothing is drawn, or trims and offsets leave nothing of it.
    pub fn frame<'a>(&'a mut self, map: &'a Map, state: &'a State) -> Result<Frame<'a>, NothingToShow> {
        let _span = tracing::info_span!("frame").entered();
        self.activity.docked = state.vacuum_state == "docked";
        self.activity.error = state.vacuum_state == "error";
        self.activity.mopping = state.mop_mode;
        self.activity.active_rooms.clear();
        self.activity.active_rooms.extend(state.active_zones.iter().map(|&active| active != 0));

        self.draw(map);
        let (area, view) = self.crop(map)?;
        Ok(Frame { map, state, options: &self.options, view, area, picture: &self.picture })
    }

    fn draw(&mut self, map: &Map) {
        let _span = tracing::info_span!("draw").entered();
        let scene = Scene { map, style: &self.options.style, activity: &self.activity };
        let window = bounds(scene);
        let known = self.still.as_ref();
        let same_layers = known.is_some_and(|still| still.has_layers_of(map, &self.activity));
        let same = same_layers && known.is_some_and(|still| still.has_entities_of(map));
        if !same || !self.base.window().covers(&window) {
            // A window that has to grow keeps what it had, so that a robot on its way does not move it again and again.
            let window = if same { window.union(self.base.window()) } else { window };
            self.base.reset(map.size, window, self.options.style.background);
            draw_still(&mut self.base, scene);
            let frame = self.still.take().filter(|_| same_layers).and_then(|still| still.frame);
            self.still = Some(Still::of(map, &self.activity, frame));
        }
        self.canvas.copy_from(&self.base);
        draw_moving(&mut self.canvas, scene);
    }

    /// Makes the picture; returns the box before offsets, and the view of it after them.
    fn crop(&mut self, map: &Map) -> Result<(Rect<CanvasPixel>, View), NothingToShow> {
        let _span = tracing::info_span!("crop").entered();
        let area = self.area()?;
        let crop = &self.options.crop;
        let view = View::plan(crop.offsets.apply(area), map.size, self.options.style.rotation, crop.aspect_ratio)?;
        self.picture.take(&view, &self.canvas);
        Ok((area, view))
    }

    /// The box that is shown, before offsets, cut with the map.
    fn area(&mut self) -> Result<Rect<CanvasPixel>, NothingToShow> {
        let _span = tracing::info_span!("margins").entered();
        let map = self.canvas.map();
        if let Some(trims) = &self.options.crop.trims {
            return Ok(trims.area.intersection(map));
        }
        let kept = self.still.as_mut().and_then(|still| still.frame);
        let frame = match kept {
            Some(frame) => frame,
            None => {
                let content = drawn(&self.canvas).ok_or(NothingToShow::NOTHING_DRAWN)?;
                with_margin(content, self.options.crop.margin)
            }
        };
        if let Some(still) = &mut self.still {
            still.frame = Some(frame);
        }
        Ok(frame.intersection(map))
    }
}

impl Still {
    fn of(map: &Map, activity: &Activity, frame: Option<Rect<CanvasPixel>>) -> Self {
        Self {
            dialect: map.dialect,
            size: map.size,
            pixel_size: map.pixel_size,
            layers: map.layers.clone(),
            entities: lying_still(map).cloned().collect(),
            active_rooms: activity.active_rooms.clone(),
            frame,
        }
    }

    /// Compared whole: that takes microseconds, and unlike a hash it cannot be wrong.
    fn has_layers_of(&self, map: &Map, activity: &Activity) -> bool {
        (self.dialect, self.size, self.pixel_size) == (map.dialect, map.size, map.pixel_size)
            && self.active_rooms == activity.active_rooms
            && self.layers == map.layers
    }

    fn has_entities_of(&self, map: &Map) -> bool {
        self.entities.iter().eq(lying_still(map))
    }
}

/// The entities that are part of the base picture.
fn lying_still(map: &Map) -> impl Iterator<Item = &Entity> {
    map.entities.iter().filter(|entity| {
        matches!(entity, Entity::Charger(_) | Entity::Obstacle(_) | Entity::Area(_) | Entity::VirtualWall(_))
    })
}

/// Where the canvas differs from its background; where that is transparent, where it is not.
fn drawn(canvas: &Canvas) -> Option<Rect<CanvasPixel>> {
    fn find<P: Copy>(
        canvas: &Canvas,
        pixels: &ArrayView2<'_, P>,
        is_content: impl Fn(P) -> bool,
    ) -> Option<Rect<CanvasPixel>> {
        content_bounds(pixels, Point::new(canvas.window().left, canvas.window().top), is_content)
    }
    let background = canvas.background();
    let differs = move |colour: Rgba| if background.alpha() == 0 { colour.alpha() > 0 } else { colour != background };
    match canvas.pixels() {
        Pixels::Indexed { indices, palette } => {
            let mut content = [false; 256];
            content.iter_mut().zip(palette).for_each(|(is_content, &colour)| *is_content = differs(colour));
            find(canvas, &indices, |index| content[usize::from(index)])
        }
        Pixels::Full { colours, .. } => find(canvas, &colours, differs),
    }
}
