//! The kinds of blocks, as numbers and by name.

pub(super) const CHARGER: u16 = 1;
pub(super) const IMAGE: u16 = 2;
pub(super) const PATH: u16 = 3;
pub(super) const PREDICTED_PATH: u16 = 5;
pub(super) const CLEANED_ZONES: u16 = 6;
pub(super) const GO_TO_TARGET: u16 = 7;
pub(super) const ROBOT: u16 = 8;
pub(super) const NO_GO_AREAS: u16 = 9;
pub(super) const VIRTUAL_WALLS: u16 = 10;
pub(super) const CLEANED_ROOMS: u16 = 11;
pub(super) const NO_MOP_AREAS: u16 = 12;
pub(super) const OBSTACLES: u16 = 13;
pub(super) const IGNORED_OBSTACLES: u16 = 14;
pub(super) const OBSTACLES_WITH_PHOTO: u16 = 15;
pub(super) const IGNORED_OBSTACLES_WITH_PHOTO: u16 = 16;
pub(super) const CARPETS: u16 = 17;
pub(super) const MOP_PATH: u16 = 18;
pub(super) const NO_CARPET_AREAS: u16 = 19;
pub(super) const MATERIALS: u16 = 24;
pub(super) const MATERIAL_DIRECTIONS: u16 = 32;
pub(super) const DIGEST: u16 = 1024;

/// The name of a block in errors and warnings.
pub(super) fn name(kind: u16) -> String {
    let what = match kind {
        CHARGER => "charger",
        IMAGE => "image",
        PATH => "path",
        PREDICTED_PATH => "predicted path",
        CLEANED_ZONES => "cleaned zones",
        GO_TO_TARGET => "go-to target",
        ROBOT => "robot",
        NO_GO_AREAS => "no-go areas",
        VIRTUAL_WALLS => "virtual walls",
        NO_MOP_AREAS => "no-mop areas",
        CLEANED_ROOMS => "cleaned rooms",
        OBSTACLES | OBSTACLES_WITH_PHOTO => "obstacles",
        IGNORED_OBSTACLES | IGNORED_OBSTACLES_WITH_PHOTO => "ignored obstacles",
        CARPETS => "carpets",
        MOP_PATH => "mop path",
        NO_CARPET_AREAS => "no-carpet areas",
        MATERIALS => "materials",
        MATERIAL_DIRECTIONS => "directions of materials",
        DIGEST => "digest",
        _ => return format!("block {kind}"),
    };
    format!("block {kind} ({what})")
}
