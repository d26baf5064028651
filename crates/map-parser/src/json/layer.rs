//! The layers of Valetudo JSON.

use serde::de::{Error, MapAccess, SeqAccess};
use valetudo_map_model::{Layer, LayerKind, Material, Runs, Segment};

use super::object::{Elements, List, Members, Object, ignore};
use super::pixels::{Form, PixelList};
use super::scalar::Scalar;
use crate::limits::{Budget, Limit};

/// The list of layers.
#[derive(Debug)]
pub(super) struct Layers<'a> {
    budget: &'a Budget<'a>,
    pub(super) layers: Vec<Layer>,
}

impl<'a> Layers<'a> {
    pub(super) fn new(budget: &'a Budget<'a>) -> Self {
        Self { budget, layers: Vec::new() }
    }
}

impl<'de> List<'de> for Layers<'_> {
    const WHAT: &'static str = "a list of layers";

    fn elements<A: SeqAccess<'de>>(&mut self, mut list: A) -> Result<(), A::Error> {
        self.layers.clear();
        for number in 1usize.. {
            let mut read = LayerRead::new(self.budget);
            let in_layer = |problem: String| A::Error::custom(format!("layer {number}: {problem}"));
            if list.next_element_seed(Members(&mut read)).map_err(|error| in_layer(error.to_string()))?.is_none() {
                break;
            }
            self.budget.spend(Limit::Layers, 1).map_err(A::Error::custom)?;
            self.layers.extend(read.finish().map_err(in_layer)?);
        }
        Ok(())
    }
}

/// A layer as it is read, with its type known or not yet.
#[derive(Debug)]
struct LayerRead<'a, 'de> {
    budget: &'a Budget<'a>,
    kind: Scalar<'de>,
    about: About<'de>,
    compressed: PixelList<'a>,
    pixels: PixelList<'a>,
    conga: PixelList<'a>,
}

impl<'a> LayerRead<'a, '_> {
    fn new(budget: &'a Budget<'a>) -> Self {
        let list = |form| PixelList::new(budget, form);
        Self {
            budget,
            kind: Scalar::Absent,
            about: About::default(),
            compressed: list(Form::Runs),
            pixels: list(Form::Single),
            conga: list(Form::Single),
        }
    }

    /// `None` for a layer of a type that nobody draws.
    fn finish(self) -> Result<Option<Layer>, String> {
        let kind = match self.kind.as_str() {
            Some("floor") => LayerKind::Floor,
            Some("wall") => LayerKind::Wall,
            Some("segment") => LayerKind::Segment(self.about.segment(self.budget)?),
            _ => return Ok(None),
        };
        // Exports that use one list write the other too, empty.
        let lists = [("compressedPixels", self.compressed), ("pixels", self.pixels), ("congaPixels", self.conga)];
        let mut runs = Runs::default();
        for (key, list) in lists {
            let list = list.finish().map_err(|problem| format!("`{key}`: {problem}"))?;
            if runs.is_empty() {
                runs = list;
            }
        }
        Ok(Some(Layer { kind, runs }))
    }
}

impl<'de> Object<'de> for LayerRead<'_, 'de> {
    const WHAT: &'static str = "a layer (an object)";

    fn member<A: MapAccess<'de>>(&mut self, key: &str, object: &mut A) -> Result<(), A::Error> {
        match key {
            "type" => self.kind = object.next_value()?,
            "metaData" => object.next_value_seed(Members(&mut self.about))?,
            "compressedPixels" => object.next_value_seed(Elements(&mut self.compressed))?,
            "pixels" => object.next_value_seed(Elements(&mut self.pixels))?,
            "congaPixels" => object.next_value_seed(Elements(&mut self.conga))?,
            _ => ignore(object)?,
        }
        Ok(())
    }
}

/// What a layer's `metaData` says.
#[derive(Debug, Default)]
struct About<'de> {
    id: Scalar<'de>,
    name: Scalar<'de>,
    active: Scalar<'de>,
    material: Scalar<'de>,
}

impl About<'_> {
    fn segment(&self, budget: &Budget<'_>) -> Result<Segment, String> {
        let id = self.id.text("segmentId", budget)?;
        Ok(Segment {
            id: id.ok_or_else(|| "`segmentId` is missing, which every segment has".to_owned())?,
            name: self.name.text("name", budget)?,
            active: self.active.flag("active")?,
            material: match self.material.as_str() {
                Some("wood") => Material::Wood,
                Some("wood_horizontal") => Material::WoodHorizontal,
                Some("wood_vertical") => Material::WoodVertical,
                Some("tile") => Material::Tile,
                _ => Material::Generic,
            },
        })
    }
}

impl<'de> Object<'de> for About<'de> {
    const WHAT: &'static str = "`metaData` (an object)";

    fn member<A: MapAccess<'de>>(&mut self, key: &str, object: &mut A) -> Result<(), A::Error> {
        match key {
            "segmentId" => self.id = object.next_value()?,
            "name" => self.name = object.next_value()?,
            "active" => self.active = object.next_value()?,
            "material" => self.material = object.next_value()?,
            _ => ignore(object)?,
        }
        Ok(())
    }
}
