//! The layers of Valetudo JSON.

use valetudo_map_model::{Layer, LayerKind, Material, Runs, Segment};

use super::pixels::{self, Form};
use super::reader::Reader;
use super::value::Value;
use crate::error::Error;
use crate::limits::Limit;
use crate::unknown::Named;
use crate::warning::push_warning;

/// Reads the list of layers. `None` when `null` stands there.
pub(super) fn read_layers(reader: &mut Reader<'_>) -> Result<Option<Vec<Layer>>, Error> {
    let mut layers = reader.memory.layers();
    let mut number = 0usize;
    let is_list = reader.list("a list of layers", |reader| {
        number += 1;
        let layer = LayerRead::read(reader).map_err(|error| error.within(format_args!("layer {number}")))?;
        reader.budget.spend(Limit::Layers, 1)?;
        layers.extend(layer);
        Ok(())
    })?;
    Ok(is_list.then_some(layers))
}

/// A layer as it is read: its type may come after its pixels.
#[derive(Debug)]
struct LayerRead<'a> {
    kind: Value<'a>,
    meta: Meta<'a>,
    /// The number of pixels that it states.
    pixel_count: Value<'a>,
    /// The runs of each list, or its error, which does not matter in a layer of unknown type.
    pixels: [Result<Runs, Error>; LISTS.len()],
}

/// The keys of pixel lists. Exports that use one list write the others too, empty; the first that is not counts.
const LISTS: [(&str, Form); 3] =
    [("compressedPixels", Form::Runs), ("pixels", Form::Single), ("congaPixels", Form::Single)];

impl<'a> LayerRead<'a> {
    /// `None` for a layer without a type.
    fn read(reader: &mut Reader<'a>) -> Result<Option<Layer>, Error> {
        reader.peek();
        let start = reader.offset();
        let empty = [const { Ok(Vec::new()) }; LISTS.len()].map(|list: Result<Vec<_>, _>| list.map(Runs::from_iter));
        let mut layer =
            LayerRead { kind: Value::Absent, meta: Meta::default(), pixel_count: Value::Absent, pixels: empty };
        reader.object("a layer (an object)", |reader, key| {
            match key {
                "type" => layer.kind = reader.value()?,
                "metaData" => layer.meta.read(reader)?,
                "dimensions" => layer.read_dimensions(reader)?,
                _ => return layer.read_pixels(reader, key),
            }
            Ok(())
        })?;
        layer.finish(start, reader).map_err(|error| error.at(|problem| reader.error_at(start, problem)))
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

    /// Reads the number of pixels; all other dimensions are computed when they are asked for.
    fn read_dimensions(&mut self, reader: &mut Reader<'a>) -> Result<(), Error> {
        if reader.peek() != Some(b'{') {
            return reader.skip();
        }
        reader.object("`dimensions` (an object)", |reader, key| {
            match key {
                "pixelCount" => self.pixel_count = reader.value()?,
                _ => reader.skip()?,
            }
            Ok(())
        })?;
        Ok(())
    }

    /// The layer, which begins at the byte `start`.
    fn finish(self, start: usize, reader: &mut Reader<'_>) -> Result<Option<Layer>, Error> {
        let kind = match self.kind.as_str() {
            Some("floor") => LayerKind::Floor,
            Some("wall") => LayerKind::Wall,
            Some("segment") => LayerKind::Segment(self.meta.segment(start, reader)?),
            Some(name) => {
                reader.unknown.count(Named::Layer, name, start);
                let runs = self.pixels.into_iter().flatten().find(|runs| !runs.is_empty()).unwrap_or_default();
                return Ok(Some(Layer { kind: LayerKind::Other(reader.shortened_name(name)), runs }));
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
        if let Ok(Some(stated)) = self.pixel_count.whole("pixelCount")
            && u64::try_from(stated) != Ok(runs.pixels())
        {
            let what = format!("a layer states {stated} pixels and has {}", runs.pixels());
            push_warning(&mut reader.warnings, what, start);
        }
        Ok(Some(Layer { kind, runs }))
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
                _ => reader.skip()?,
            }
            Ok(())
        })?;
        Ok(())
    }

    /// The room of the layer that begins at the byte `start`.
    fn segment(&self, start: usize, reader: &mut Reader<'_>) -> Result<Segment, Error> {
        let id = reader.text_of(&self.id, "segmentId")?;
        let missing = || Error::Document { problem: "`segmentId` is missing, which every segment has".to_owned() };
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
