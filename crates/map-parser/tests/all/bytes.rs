//! Builds the bytes that robots publish.

use sha1::{Digest, Sha1};
use valetudo_map_fixtures::envelope;

pub(crate) fn zlib(bytes: &[u8]) -> Vec<u8> {
    envelope::zlib(bytes).unwrap()
}

pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    envelope::gzip(bytes).unwrap()
}

pub(crate) fn png(bytes: &[u8]) -> Vec<u8> {
    envelope::png(bytes).unwrap()
}

/// An RR map under construction.
#[derive(Clone)]
pub(crate) struct Rr(Vec<u8>);

impl Rr {
    pub(crate) fn new() -> Self {
        let mut bytes = b"rr".to_vec();
        bytes.extend(20u16.to_le_bytes());
        bytes.extend(0u32.to_le_bytes());
        bytes.extend([1, 0, 0, 0]);
        bytes.extend(876u32.to_le_bytes());
        bytes.extend(84u32.to_le_bytes());
        Self(bytes)
    }

    /// A block with `header` after its first eight bytes.
    pub(crate) fn block(mut self, kind: u16, header: &[u8], data: &[u8]) -> Self {
        self.0.extend(kind.to_le_bytes());
        self.0.extend(u16::try_from(8 + header.len()).unwrap().to_le_bytes());
        self.0.extend(u32::try_from(data.len()).unwrap().to_le_bytes());
        self.0.extend(header);
        self.0.extend(data);
        self
    }

    /// An image of either generation; `rows` from the top, unlike the file.
    pub(crate) fn image(self, generation: u8, left: i32, top_down: i32, rows: &[&[u8]]) -> Self {
        let (width, height) = (i32::try_from(rows[0].len()).unwrap(), i32::try_from(rows.len()).unwrap());
        let mut header = if generation == 3 { 2u32.to_le_bytes().to_vec() } else { Vec::new() };
        for number in [1024 - top_down - height, left, height, width] {
            header.extend(number.to_le_bytes());
        }
        let data: Vec<u8> = rows.iter().rev().flat_map(|row| row.iter().copied()).collect();
        self.block(2, &header, &data)
    }

    /// A path block, points in the robot's millimetres.
    pub(crate) fn path(self, kind: u16, points: &[[u16; 2]]) -> Self {
        let count = u32::try_from(points.len()).unwrap();
        let header: Vec<u8> = [count, 4, 0].iter().flat_map(|number| number.to_le_bytes()).collect();
        self.block(kind, &header, &shorts(points.as_flattened()))
    }

    /// A block of `count` records.
    pub(crate) fn records(self, kind: u16, count: u32, data: &[u16]) -> Self {
        self.block(kind, &count.to_le_bytes(), &shorts(data))
    }

    pub(crate) fn position(self, kind: u16, x: u32, y: u32) -> Self {
        self.block(kind, &[], &[x.to_le_bytes(), y.to_le_bytes()].concat())
    }

    /// The map with its length in the header, and no digest.
    pub(crate) fn bare(mut self) -> Vec<u8> {
        let length = u32::try_from(self.0.len() - 20).unwrap();
        self.0[4..8].copy_from_slice(&length.to_le_bytes());
        self.0
    }

    /// The map with its length and digest.
    pub(crate) fn finish(self) -> Vec<u8> {
        let mut bytes = self.block(1024, &[], &[0; 20]).bare();
        let data = bytes.len() - 20;
        let digest = Sha1::digest(&bytes[..data]);
        bytes[data..].copy_from_slice(&digest);
        bytes
    }
}

fn shorts(numbers: &[u16]) -> Vec<u8> {
    numbers.iter().flat_map(|number| number.to_le_bytes()).collect()
}

/// A small RR map with one of everything.
pub(crate) fn whole_rr() -> Rr {
    Rr::new()
        .image(3, 500, 500, &[&[0, 1, 1, 0], &[1, 0b1000_0111, 0b1000_0111, 1], &[1, 0b1001_0111, 7, 1]])
        .position(1, 25_600, 25_600)
        .position(8, 25_700, 25_500)
        .path(3, &[[25_600, 25_600], [25_700, 25_600], [25_700, 25_500]])
        .path(5, &[[25_700, 25_500], [25_800, 25_500]])
        .path(4, &[[1, 1], [2, 2]])
        .records(6, 1, &[25_000, 25_000, 26_000, 24_000])
        .block(7, &[], &shorts(&[25_800, 25_500, 0]))
        .records(9, 1, &[1, 2, 3, 4, 5, 6, 7, 8])
        .records(10, 1, &[10, 20, 30, 40])
        .records(11, 1, &[])
        .records(12, 1, &[1, 2, 3, 4, 5, 6, 7, 8])
        .records(13, 2, &[100, 200, 3, 50, 300, 400, 3, 50])
        .records(15, 1, &[500, 600, 3, 50, 0, 0, 0])
        .records(16, 1, &[700, 800, 3, 50])
        .block(17, &[], &[0; 12])
        .block(999, &[1, 2, 3], &[4, 5])
}

/// A small Valetudo map.
pub(crate) fn valetudo() -> Vec<u8> {
    br#"{"__class":"ValetudoMap","metaData":{"vendorMapId":7,"version":2},"size":{"x":5120,"y":5117},"pixelSize":5,"layers":[
    {"__class":"MapLayer","metaData":{"area":75},"type":"floor","pixels":[],"compressedPixels":[10,20,3]},
    {"__class":"MapLayer","metaData":{"segmentId":"17","name":"Hall","active":true,"material":"tile"},"type":"segment",
        "pixels":[12,5,11,5,10,5],"compressedPixels":[]},
    {"__class":"MapLayer","metaData":{},"type":"wall","compressedPixels":[0,0,65535]}],"entities":[
    {"__class":"PointMapEntity","metaData":{"angle":182.5},"points":[255,100],"type":"robot_position"},
    {"__class":"PointMapEntity","metaData":{},"points":[250,100],"type":"charger_location"},
    {"__class":"PointMapEntity","metaData":{},"points":[1,2],"type":"go_to_target"},
    {"__class":"PointMapEntity","metaData":{"label":"Cable (93%)","id":12},"points":[3,4],"type":"obstacle"},
    {"__class":"PathMapEntity","metaData":{},"points":[1,2,3,4],"type":"path"},
    {"__class":"PathMapEntity","metaData":{},"points":[],"type":"predicted_path"},
    {"__class":"PolygonMapEntity","metaData":{},"points":[1,2,3,4,5,6],"type":"carpet"},
    {"__class":"LineMapEntity","metaData":{},"points":[1,2,3,4],"type":"virtual_wall"}]}"#
        .to_vec()
}
