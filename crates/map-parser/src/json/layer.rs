//! The layers of Valetudo JSON.

use valetudo_map_model::{Dimensions, Extent, Layer, LayerKind, Material, Runs, Segment, Stated};

use super::error::Error;
use super::pixels::{self, Form};
use super::reader::Reader;
use super::value::Value;
use crate::limits::Limit;
use crate::unknown::Named;

/// The layers, and the map's statements about each.
#[derive(Debug, Default)]
pub(super) struct Layers {
    pub(super) layers: Vec<Layer>,
    pub(super) stated: Vec<Stated>,
}

/// Reads the list of layers. `None` when `null` stands there.
pub(super) fn read_layers(reader: &mut Reader<'_>) -> Result<Option<Layers>, Error> {
    let (mut layers, mut stated) = reader.memory.layers_and_stated();
    let mut number = 0usize;
    let is_list = reader.list("a list of layers", |reader| {
        number += 1;
        let layer = LayerRead::read(reader).map_err(|error| error.within(format_args!("layer {number}")))?;
        reader.budget.spend(Limit::Layers, 1)?;
        if let Some((layer, of_layer)) = layer {
            layers.push(layer);
            stated.push(of_layer);
        }
        Ok(())
    })?;
    Ok(is_list.then_some(Layers { layers, stated }))
}

/// A layer as it is read: its type may come after its pixels.
#[derive(Debug)]
struct LayerRead<'a> {
    kind: Value<'a>,
    meta: Meta<'a>,
    dimensions: DimensionsRead<'a>,
    /// The runs of each list, or its error, which does not matter in a layer of unknown type.
    pixels: [Result<Runs, Error>; LISTS.len()],
}

/// The keys of pixel lists. Exports that use one list write the others too, empty; the first that is not counts.
const LISTS: [(&str, Form); 3] =
    [("compressedPixels", Form::Runs), ("pixels", Form::Single), ("congaPixels", Form::Single)];

impl<'a> LayerRead<'a> {
    /// `None` for a layer without a type.
    fn read(reader: &mut Reader<'a>) -> Result<Option<(Layer, Stated)>, Error> {
        reader.peek();
        let start = reader.offset();
        let empty = [const { Ok(Vec::new()) }; LISTS.len()].map(|list: Result<Vec<_>, _>| list.map(Runs::from_iter));
        let mut layer = LayerRead {
            kind: Value::Absent,
            meta: Meta::default(),
            dimensions: DimensionsRead::default(),
            pixels: empty,
        };
        reader.object("a layer (an object)", |reader, key| {
            match key {
                "type" => layer.kind = reader.value()?,
                "metaData" => layer.meta.read(reader)?,
                "dimensions" => layer.dimensions.read(reader)?,
                _ => return layer.read_pixels(reader, key),
            }
            Ok(())
        })?;
        layer.finish(start, reader).map_err(|error| error.at(start))
    }

    fn read_pixels(&mut self, reader: &mut Reader<'_>, key: &str) -> Result<(), Error> {
        let mut lists = LISTS.iter().zip(&mut self.pixels);
        let Some((&(_, form), list)) = lists.find(|((name, _), _)| *name == key) else { return reader.skip() };
        match reader.attempt(|reader| pixels::read(reader, form))? {
            // Of a key that comes twice, the last list that is not empty counts.
            Ok(runs) if runs.is_empty() && list.is_ok() => {}
            result => *list = result.map_err(|error| error.within(format_args!("`{key}`"))),
        }
        Ok(())
    }

    /// The layer, which begins at the byte `start`.
    fn finish(self, start: usize, reader: &mut Reader<'_>) -> Result<Option<(Layer, Stated)>, Error> {
        let stated = Stated { dimensions: self.dimensions.finish(), area: natural(&self.meta.area) };
        let kind = match self.kind.as_str() {
            Some("floor") => LayerKind::Floor,
            Some("wall") => LayerKind::Wall,
            Some("segment") => LayerKind::Segment(self.meta.segment(start, reader)?),
            Some(name) => {
                reader.unknown.count(Named::Layer, name, start);
                let runs = self.pixels.into_iter().flatten().find(|runs| !runs.is_empty()).unwrap_or_default();
                return Ok(Some((Layer { kind: LayerKind::Other(reader.shortened_name(name)), runs }, stated)));
            }
            None => {
                reader.unknown.count(Named::Layer, "", start);
                return Ok(None);
            }
        };
        let mut runs = Runs::default();
        for list in self.pixels {
            let list = list?;
            if runs.is_empty() {
                runs = list;
            }
        }
        Ok(Some((Layer { kind, runs }, stated)))
    }
}

/// A whole number that fits; `None` for anything else.
fn natural<T: TryFrom<i64>>(value: &Value<'_>) -> Option<T> {
    value.whole("").ok().flatten().and_then(|whole| T::try_from(whole).ok())
}

/// The `dimensions` of a layer, which are whole or do not count.
#[derive(Debug, Default)]
struct DimensionsRead<'a> {
    x: [Value<'a>; EXTENT.len()],
    y: [Value<'a>; EXTENT.len()],
    pixels: Value<'a>,
}

const EXTENT: [&str; 4] = ["min", "max", "mid", "avg"];

impl<'a> DimensionsRead<'a> {
    fn read(&mut self, reader: &mut Reader<'a>) -> Result<(), Error> {
        if reader.peek() != Some(b'{') {
            return reader.skip();
        }
        reader.object("an object", |reader, key| match key {
            "x" => Self::read_extent(&mut self.x, reader),
            "y" => Self::read_extent(&mut self.y, reader),
            "pixelCount" => reader.value().map(|pixels| self.pixels = pixels),
            _ => reader.skip(),
        })?;
        Ok(())
    }

    fn read_extent(extent: &mut [Value<'a>; EXTENT.len()], reader: &mut Reader<'a>) -> Result<(), Error> {
        if reader.peek() != Some(b'{') {
            return reader.skip();
        }
        reader.object("an object", |reader, key| {
            let mut values = EXTENT.iter().zip(&mut *extent);
            let Some((_, value)) = values.find(|(name, _)| **name == key) else { return reader.skip() };
            *value = reader.value()?;
            Ok(())
        })?;
        Ok(())
    }

    fn finish(&self) -> Option<Dimensions> {
        let extent = |[min, max, mid, avg]: &[Value<'_>; EXTENT.len()]| {
            Some(Extent { min: natural(min)?, max: natural(max)?, mid: natural(mid)?, avg: natural(avg)? })
        };
        Some(Dimensions { x: extent(&self.x)?, y: extent(&self.y)?, pixels: natural(&self.pixels)? })
    }
}

/// The `metaData` of a layer.
#[derive(Debug, Default)]
struct Meta<'a> {
    id: Value<'a>,
    name: Value<'a>,
    active: Value<'a>,
    material: Value<'a>,
    source: Value<'a>,
    area: Value<'a>,
}

impl<'a> Meta<'a> {
    fn read(&mut self, reader: &mut Reader<'a>) -> Result<(), Error> {
        reader.object("`metaData` (an object)", |reader, key| {
            match key {
                "segmentId" => self.id = reader.value()?,
                "name" => self.name = reader.value()?,
                "active" => self.active = reader.value()?,
                "material" => self.material = reader.value()?,
                "source" => self.source = reader.value()?,
                "area" => self.area = reader.value()?,
                _ => reader.skip()?,
            }
            Ok(())
        })?;
        Ok(())
    }

    /// The room of the layer that begins at the byte `start`.
    fn segment(&self, start: usize, reader: &mut Reader<'_>) -> Result<Segment, Error> {
        let id = reader.text_of(&self.id, "segmentId")?;
        let missing = || Error::document("`segmentId` is missing, which every segment has".to_owned());
        Ok(Segment {
            id: id.ok_or_else(missing)?,
            id_is_number: matches!(self.id, Value::Whole(_) | Value::Number(_)),
            name: reader.text_of(&self.name, "name")?,
            active: self.active.flag("active")?,
            source: reader.optional_text(&self.source),
            material: match self.material.as_str() {
                None | Some("" | "generic") => Material::Generic,
                Some("wood") => Material::Wood,
                Some("wood_horizontal") => Material::WoodHorizontal,
                Some("wood_vertical") => Material::WoodVertical,
                Some("tile") => Material::Tile,
                Some("carpet") => Material::Carpet,
                Some("carpet_low") => Material::CarpetLow,
                Some("carpet_high") => Material::CarpetHigh,
                Some(name) => {
                    reader.unknown.count(Named::Material, name, start);
                    Material::Unknown
                }
            },
        })
    }
}
