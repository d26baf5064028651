//! Valetudo JSON, and Conga's dialect of it, from the pieces of the document.

use serde::de::MapAccess;
use valetudo_map_model::{Family, Map, PixelSize, Size};

use super::entity::{Entities, Unit};
use super::layer::Layers;
use super::object::{Elements, Members, Object, ignore};
use super::scalar::Scalar;
use crate::error::Error;
use crate::limits::{Budget, Limit, Limits};

/// How many centimetres wide Conga's map pixels are; its JSON calls that 1.
const CONGA_PIXEL: u32 = PixelSize::DEFAULT.get().unsigned_abs();

/// The keys of a Valetudo map.
#[derive(Debug)]
pub(super) struct Valetudo<'a, 'de> {
    about: About<'de>,
    size: SizeRead<'de>,
    pixel_size: Scalar<'de>,
    layers: Option<Layers<'a>>,
    entities: Option<Entities<'a>>,
    budget: &'a Budget<'a>,
}

impl<'a> Valetudo<'a, '_> {
    pub(super) fn new(budget: &'a Budget<'a>) -> Self {
        Self {
            about: About::default(),
            size: SizeRead::default(),
            pixel_size: Scalar::Absent,
            layers: None,
            entities: None,
            budget,
        }
    }

    /// The map; as Conga's when asked for, or when the width of its pixels says so.
    pub(super) fn finish(self, conga: Option<bool>, limits: &Limits) -> Result<Map, Error> {
        let pixel_size = required(&self.pixel_size, "pixelSize", 255)?;
        let conga = conga.unwrap_or(pixel_size == 1);
        let (family, unit, scale) = match conga {
            true => (Family::Conga, Unit::MapPixel, CONGA_PIXEL),
            false => (Family::Valetudo, Unit::Centimetre, 1),
        };
        if conga && pixel_size != 1 {
            return Err(wrong(format!("`pixelSize` is {pixel_size}, expected 1 on a Conga map")));
        }
        let Some(pixel_size) = PixelSize::new(pixel_size.saturating_mul(scale)) else {
            return Err(wrong(format!("`pixelSize` is {pixel_size}, expected 1 to 255")));
        };
        let side = |value: &Scalar<'_>, key| {
            let canvas = required(value, key, u32::MAX / CONGA_PIXEL)? * scale;
            let map = canvas.div_ceil(pixel_size.get().unsigned_abs());
            limits.check(Limit::MapSide, usize::try_from(map).unwrap_or(usize::MAX))?;
            Ok(canvas)
        };
        let size = Size::new(side(&self.size.x, "size.x")?, side(&self.size.y, "size.y")?);
        let layers = self.layers.ok_or_else(|| wrong("`layers` is missing".to_owned()))?;
        Ok(Map {
            layers: layers.layers,
            entities: self.entities.map(|entities| entities.finish(unit)).unwrap_or_default(),
            id: self.about.vendor_map_id.whole("vendorMapId").ok().flatten(),
            ..Map::empty(family, size, pixel_size)
        })
    }
}

fn wrong(problem: String) -> Error {
    Error::Document { problem }
}

/// A number from 1 to `max` that no map goes without.
fn required(value: &Scalar<'_>, key: &str, max: u32) -> Result<u32, Error> {
    let whole = value.whole(key).map_err(wrong)?;
    let whole = whole.ok_or_else(|| wrong(format!("`{key}` is missing")))?;
    let fits = u32::try_from(whole).ok().filter(|whole| (1..=max).contains(whole));
    fits.ok_or_else(|| wrong(format!("`{key}` is {whole}, expected 1 to {max}")))
}

impl<'de> Object<'de> for Valetudo<'_, 'de> {
    const WHAT: &'static str = "a Valetudo map (an object)";

    fn member<A: MapAccess<'de>>(&mut self, key: &str, object: &mut A) -> Result<(), A::Error> {
        let budget = self.budget;
        match key {
            "metaData" => object.next_value_seed(Members(&mut self.about))?,
            "size" => object.next_value_seed(Members(&mut self.size))?,
            "pixelSize" => self.pixel_size = object.next_value()?,
            "layers" => object.next_value_seed(Elements(self.layers.get_or_insert_with(|| Layers::new(budget))))?,
            "entities" => {
                object.next_value_seed(Elements(self.entities.get_or_insert_with(|| Entities::new(budget))))?;
            }
            _ => ignore(object)?,
        }
        Ok(())
    }
}

/// What the map's `metaData` says.
#[derive(Debug, Default)]
struct About<'de> {
    vendor_map_id: Scalar<'de>,
}

impl<'de> Object<'de> for About<'de> {
    const WHAT: &'static str = "`metaData` (an object)";

    fn member<A: MapAccess<'de>>(&mut self, key: &str, object: &mut A) -> Result<(), A::Error> {
        match key {
            "vendorMapId" => self.vendor_map_id = object.next_value()?,
            _ => ignore(object)?,
        }
        Ok(())
    }
}

#[derive(Debug, Default)]
struct SizeRead<'de> {
    x: Scalar<'de>,
    y: Scalar<'de>,
}

impl<'de> Object<'de> for SizeRead<'de> {
    const WHAT: &'static str = "`size` (an object)";

    fn member<A: MapAccess<'de>>(&mut self, key: &str, object: &mut A) -> Result<(), A::Error> {
        match key {
            "x" => self.x = object.next_value()?,
            "y" => self.y = object.next_value()?,
            _ => ignore(object)?,
        }
        Ok(())
    }
}
