//! Valetudo JSON, and Conga's variant of it, from the members of the document.

use valetudo_map_model::{Family, Map, PixelSize, Size};

use super::entity::{finish_entities, read_entities};
use super::error::Error;
use super::layer::{Layers, read_layers};
use super::reader::Reader;
use super::value::Value;
use crate::entity_read::EntityRead;
use crate::limits::Limit;

/// How many centimetres wide Conga's map pixels are; its JSON calls that 1.
const CONGA_PIXEL: u32 = PixelSize::DEFAULT.get().unsigned_abs();

/// The members of a Valetudo map.
#[derive(Debug, Default)]
pub(super) struct Valetudo<'a> {
    vendor_map_id: Value<'a>,
    nonce: Value<'a>,
    is_placeholder: Value<'a>,
    has_pending_change: Value<'a>,
    width: Value<'a>,
    height: Value<'a>,
    pixel_size: Value<'a>,
    layers: Option<Layers>,
    entities: Vec<EntityRead>,
}

impl<'a> Valetudo<'a> {
    /// Reads the value of `key`.
    pub(super) fn member(&mut self, reader: &mut Reader<'a>, key: &str) -> Result<(), Error> {
        match key {
            "metaData" => {
                reader.object("`metaData` (an object)", |reader, key| {
                    match key {
                        "vendorMapId" => self.vendor_map_id = reader.value()?,
                        "nonce" => self.nonce = reader.value()?,
                        "defaultMap" => self.is_placeholder = reader.value()?,
                        "pendingMapChange" => self.has_pending_change = reader.value()?,
                        _ => reader.skip()?,
                    }
                    Ok(())
                })?;
            }
            "size" => {
                reader.object("`size` (an object)", |reader, key| {
                    match key {
                        "x" => self.width = reader.value()?,
                        "y" => self.height = reader.value()?,
                        _ => reader.skip()?,
                    }
                    Ok(())
                })?;
            }
            "pixelSize" => self.pixel_size = reader.value()?,
            // Of a key that comes twice, the last list counts. `null` alone is an empty list.
            "layers" => match read_layers(reader)? {
                Some(layers) => self.layers = Some(layers),
                None => {
                    self.layers.get_or_insert_default();
                }
            },
            "entities" => self.entities = read_entities(reader)?.unwrap_or(std::mem::take(&mut self.entities)),
            _ => reader.skip()?,
        }
        Ok(())
    }

    /// The map; as Conga's when asked for, or when the width of its pixels says so.
    pub(super) fn finish(self, conga: Option<bool>, reader: &mut Reader<'_>) -> Result<Map, Error> {
        let pixel_size = required(&self.pixel_size, "pixelSize", 255)?;
        let conga = conga.unwrap_or(pixel_size == 1);
        let (family, scale) = if conga { (Family::Conga, CONGA_PIXEL) } else { (Family::Valetudo, 1) };
        if conga && pixel_size != 1 {
            return Err(Error::document(format!("`pixelSize` is {pixel_size}, expected 1 on a Conga map")));
        }
        let Some(pixel_size) = PixelSize::new(pixel_size.saturating_mul(scale)) else {
            return Err(Error::document(format!("`pixelSize` is {pixel_size}, expected 1 to 255")));
        };
        let side = |value: &Value<'_>, key| {
            let canvas = required(value, key, u32::MAX / CONGA_PIXEL)? * scale;
            let map = canvas.div_ceil(pixel_size.get().unsigned_abs());
            reader.budget.limits.check(Limit::MapSide, usize::try_from(map).unwrap_or(usize::MAX))?;
            Ok::<_, Error>(canvas)
        };
        let size = Size::new(side(&self.width, "size.x")?, side(&self.height, "size.y")?);
        let Layers { layers, stated } = self.layers.ok_or_else(|| Error::document("`layers` is missing".to_owned()))?;
        Ok(Map {
            layers,
            stated,
            entities: finish_entities(self.entities, family, reader),
            // These are optional: a value of another type counts as absent.
            id: self.vendor_map_id.whole("vendorMapId").ok().flatten(),
            nonce: reader.optional_text(&self.nonce),
            is_placeholder: self.is_placeholder.flag("defaultMap").unwrap_or(false),
            has_pending_change: self.has_pending_change.flag("pendingMapChange").unwrap_or(false),
            ..Map::empty(family, size, pixel_size)
        })
    }
}

/// A number from 1 to `max` that every map has.
fn required(value: &Value<'_>, key: &str, max: u32) -> Result<u32, Error> {
    let whole = value.whole(key)?.ok_or_else(|| Error::document(format!("`{key}` is missing")))?;
    let fits = u32::try_from(whole).ok().filter(|whole| (1..=max).contains(whole));
    fits.ok_or_else(|| Error::document(format!("`{key}` is {whole}, expected 1 to {max}")))
}
