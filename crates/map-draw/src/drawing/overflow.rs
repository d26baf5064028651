//! Sessions that run out of palette show the same pictures as canvases that were RGBA from the start.

use valetudo_map_model::{
    Area, AreaKind, CanvasPixel, Entity, Family, Layer, LayerKind, Map, Path, PathKind, PixelSize, Point, Pose, Rect,
    Run, Segment, Size,
};

use super::{AnyCanvas, Change, DrawLimits, Drawing};
use crate::{Activity, Canvas, Rgba, Scene, Style, draw_window};

struct Home {
    map: Map,
    style: Style,
    activity: Activity,
}

impl Home {
    /// Rooms of 16 colours under translucent areas that overlap more and more: almost 17 colours an area.
    fn new(areas: i32) -> Self {
        let mut map = Map::empty(Family::Valetudo, Size::new(200, 130), PixelSize::DEFAULT);
        let room = |number: u16| Layer {
            kind: LayerKind::Segment(Segment { id: number.to_string().into(), ..Segment::default() }),
            runs: (2..24).filter_map(|y| Run::new(3 + 2 * number, y, 2)).collect(),
        };
        map.layers = (0..16).map(room).collect();
        let area = |number: i32| {
            let corner = |x, y| Point::new(10 * x, 10 * (y + 4 * number));
            Entity::Area(Area {
                kind: AreaKind::Carpet,
                corners: vec![corner(0, 14), corner(198, 14), corner(198, 125), corner(0, 125)],
            })
        };
        map.entities = (0..areas).map(area).collect();
        let mut style = Style { robot_radius: 9, ..Style::default() };
        style.carpet = Rgba([90, 0, 220, 25]);
        style.path = style.path.with_alpha(120);
        style.robot = style.robot.with_alpha(120);
        Self { map, style, activity: Activity::default() }
    }

    /// One with as many areas as a palette has colours for.
    fn full() -> Self {
        let fits = |areas: &i32| draw_window(&mut Canvas::<u8>::default(), Self::new(*areas).scene(), WINDOW).is_ok();
        let areas = (1..40).take_while(fits).last().unwrap();
        assert!(areas > 5);
        let mut home = Self::new(areas);
        home.map.entities.push(Entity::Path(Path::new(PathKind::Driven, Vec::new())));
        home
    }

    fn scene(&self) -> Scene<'_> {
        Scene { map: &self.map, style: &self.style, activity: &self.activity }
    }

    fn drive_to(&mut self, x: i32, y: i32) {
        let paths = self.map.entities.iter_mut().filter_map(|entity| match entity {
            Entity::Path(path) => Some(&mut path.points),
            _ => None,
        });
        paths.for_each(|points| points.push(Point::new(x, y)));
    }

    fn move_robot(&mut self, x: i32, y: i32) {
        self.map.entities.retain(|entity| !matches!(entity, Entity::Robot(_)));
        self.map.entities.push(Entity::Robot(Pose { position: Point::new(x, y), angle: Some(30.0) }));
    }
}

const WINDOW: Rect<CanvasPixel> = Rect::new(0, 0, 200, 130);

/// Updates, and compares the picture with a fresh one in RGBA.
fn follow(drawing: &mut Drawing, home: &Home) -> Change {
    let change = drawing.update(home.scene(), 5, DrawLimits::UNLIMITED).unwrap().change();
    let mut fresh = Canvas::<Rgba>::default();
    let Ok(()) = draw_window(&mut fresh, home.scene(), WINDOW);
    for at in (0..200 * 130).map(|i| Point::new(i % 200, i / 200)) {
        assert_eq!(drawing.canvas().colour_at(at), fresh.colour_at(at), "at {at:?}");
    }
    change
}

fn is_indexed(drawing: &Drawing) -> bool {
    matches!(drawing.canvas(), AnyCanvas::Indexed(_))
}

#[test]
fn a_trail_overflows_the_palette_and_goes_on() {
    let (mut drawing, mut home) = (Drawing::default(), Home::full());
    home.move_robot(900, 700);
    let (mut before, mut overflows, mut resumed) = (true, 0, 0);
    for step in 0..40 {
        home.drive_to(100 + step * 797 % 1700, 200 + step * 391 % 900);
        home.move_robot(100 + step * 797 % 1700, 200 + step * 391 % 900);
        let change = follow(&mut drawing, &home);
        let is_indexed = is_indexed(&drawing);
        if before && !is_indexed {
            overflows += 1;
            assert!(change.rects().is_none());
        }
        resumed += usize::from(!is_indexed && change.rects().is_some());
        before = is_indexed;
    }
    assert!(overflows == 1 && !before && resumed > 20, "{overflows} {resumed}");

    // Another path over the same layers, from the base in RGBA.
    home.map.entities.retain(|entity| !matches!(entity, Entity::Path(_)));
    follow(&mut drawing, &home);
    follow(&mut drawing, &home);
    // Few colours again.
    let mut home = Home::new(1);
    home.move_robot(500, 500);
    follow(&mut drawing, &home);
    assert!(is_indexed(&drawing));
}

#[test]
fn a_robot_overflows_the_palette_and_moves_on() {
    let mut home = Home::full();
    let mut drawing = Drawing::default();
    follow(&mut drawing, &home);
    // A translucent line adds one colour at most: lines fill the palette to its last place.
    let mut steps = 0;
    loop {
        let AnyCanvas::Indexed(canvas) = drawing.canvas() else { panic!("the palette overflowed") };
        if canvas.palette().colours().len() == 256 {
            break;
        }
        steps += 1;
        home.drive_to(100 + steps * 797 % 1700, 200 + steps * 391 % 900);
        follow(&mut drawing, &home);
    }
    home.move_robot(900, 700);
    assert_eq!(follow(&mut drawing, &home), Change::EVERYTHING);
    assert!(!is_indexed(&drawing));
    for (x, y) in [(300, 300), (1500, 1100), (300, 300)] {
        home.move_robot(x, y);
        assert!(follow(&mut drawing, &home).rects().is_some_and(|rects| rects.count() == 2));
    }
}

#[test]
fn both_kinds_of_pixels_go_through_a_session_alike() {
    let mut home = Home::new(2);
    home.map.entities.push(Entity::Path(Path::new(PathKind::Driven, Vec::new())));
    let (mut indexed, mut rgba) = (Session::<u8>::default(), Session::<Rgba>::default());
    for step in 0..12 {
        if step % 5 == 4 {
            home.map.entities.retain(|entity| !matches!(entity, Entity::Path(path) if path.points.len() > 3));
            home.map.entities.push(Entity::Path(Path::new(PathKind::Driven, Vec::new())));
        }
        home.drive_to(100 + step * 797 % 1700, 200 + step * 391 % 900);
        home.move_robot(100 + step * 797 % 1700, 200 + step * 391 % 900);
        let changes = (indexed.update(&home), rgba.update(&home));
        assert_eq!(changes.0, changes.1);
        for at in (0..200 * 130).map(|i| Point::new(i % 200, i / 200)) {
            assert_eq!(indexed.layered.canvas.colour_at(at), rgba.layered.canvas.colour_at(at), "at {at:?}");
        }
    }
}

/// A session that keeps one kind of pixels.
struct Session<P> {
    layered: super::Layered<P>,
    moving: super::Moving,
    still: Option<super::Still>,
}

impl<P: crate::Pixel> Default for Session<P> {
    fn default() -> Self {
        Self { layered: Default::default(), moving: Default::default(), still: None }
    }
}

impl<P: crate::Pixel> Session<P> {
    fn update(&mut self, home: &Home) -> Change {
        let scene = home.scene();
        let is_still = self.still.as_ref().is_some_and(|still| still.compare(scene) == super::Unchanged::Still);
        let before = super::Before {
            window: self.layered.canvas.window(),
            extent: Rect::EMPTY,
            moving: &self.moving,
            is_still,
            has_base: self.layered.base_is_current,
        };
        let plan = super::Plan::of(scene, &before, 5, u64::MAX);
        self.still = Some(super::Still::of(scene));
        self.layered.draw(scene, &plan, None, &mut self.moving).unwrap()
    }
}
