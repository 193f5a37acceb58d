//! The pages of one document.

use std::collections::HashMap;
use std::io::{Read, Seek};
use std::sync::Arc;

use yinxin_ofd::{Document, DocumentRoot, Limits, Package};

use crate::builder::FontStore;
use crate::error::RenderError;
use crate::fonts::FontSet;
use crate::limits::RenderLimits;
use crate::note::Notes;
use crate::page::{Template, read};
use crate::resources::Resources;
use crate::seals::{Stamped, stamps};

/// What to draw, and with which fonts.
#[derive(Debug, Clone)]
pub struct Options {
    /// Which document of the package, from 0.
    pub body: usize,
    /// Fonts for text whose font is not embedded, the preferred ones first.
    pub fonts: FontSet,
    /// Bounds.
    pub limits: RenderLimits,
    /// Whether seals are drawn.
    pub seals: bool,
    /// Whether annotations are drawn.
    pub annotations: bool,
    /// Whether images of a PDF are drawn; its texts come faster without.
    pub images: bool,
}

impl Options {
    /// Everything of the first document, within the usual limits.
    pub fn new(fonts: FontSet) -> Self {
        Self { body: 0, fonts, limits: RenderLimits::default(), seals: true, annotations: true, images: true }
    }
}

/// An opened document whose pages can be had one by one; fonts and resources are kept between them.
pub struct Pages<R> {
    pub(crate) package: Package<R>,
    pub(crate) xml: Limits,
    pub(crate) root: DocumentRoot,
    pub(crate) options: Options,
    pub(crate) resources: Arc<Resources>,
    pub(crate) default_space: Option<String>,
    pub(crate) templates: HashMap<String, Template>,
    /// Annotation parts by the page's ID.
    pub(crate) annotations: HashMap<String, String>,
    pub(crate) stamps: Vec<Stamped>,
    pub(crate) store: FontStore,
    /// What holds for every page.
    pub(crate) notes: Notes,
    /// 0 for a document, 1 for one that is the picture of a seal.
    pub(crate) depth: usize,
}

impl<R> std::fmt::Debug for Pages<R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pages").field("count", &self.root.pages.len()).finish_non_exhaustive()
    }
}

impl<R: Read + Seek> Pages<R> {
    /// Opens a document of a package and reads what its pages share.
    ///
    /// # Errors
    /// [`RenderError::NoSuchDocument`], and what reading `OFD.xml` and the document root may meet.
    pub fn open(package: Package<R>, options: Options) -> Result<Self, RenderError> {
        Self::open_at(package, options, 0)
    }

    pub(crate) fn open_at(
        mut package: Package<R>,
        options: Options,
        depth: usize,
    ) -> Result<Self, RenderError> {
        let document = Document::load(&mut package)?;
        let count = document.bodies.len();
        let body = document.bodies.get(options.body);
        let body =
            body.ok_or(RenderError::NoSuchDocument { asked: options.body.saturating_add(1), count })?.clone();
        let root = DocumentRoot::load(&mut package, &body.doc_root)?;
        let nodes = package.limits().max_xml_nodes.min(options.limits.max_xml_nodes);
        let xml = Limits { max_xml_nodes: nodes, ..package.limits().clone() };
        let mut notes = Notes::new(options.limits.max_notes);
        let mut resources = Resources::default();
        for list in &root.resources {
            resources.load(&mut package, &list.path, &xml, &mut notes);
        }
        let element = read(&mut package, &root.path, &xml)?;
        let common = element.child("CommonData");
        let default_space = common.and_then(|common| common.child_text("DefaultCS")).map(str::to_owned);
        let mut templates = HashMap::new();
        for (template, listed) in
            common.into_iter().flat_map(|common| common.all("TemplatePage")).zip(&root.templates)
        {
            if let Some(id) = &listed.id {
                let level = template.attribute("ZOrder").map(str::to_owned);
                templates.insert(id.trim().to_owned(), Template { path: listed.path.clone(), level });
            }
        }
        let mut pages = Self {
            annotations: HashMap::new(),
            stamps: Vec::new(),
            store: FontStore::default(),
            resources: Arc::new(resources),
            package,
            xml,
            options,
            default_space,
            templates,
            notes,
            depth,
            root,
        };
        pages.list_annotations();
        if let Some(list) = body.signatures.filter(|_| pages.options.seals) {
            pages.stamps = stamps(&mut pages.package, &list, &mut pages.notes);
        }
        Ok(pages)
    }

    /// How many pages there are.
    pub fn count(&self) -> usize {
        self.root.pages.len()
    }

    /// Gives the package back.
    pub fn into_package(self) -> Package<R> {
        self.package
    }

    fn list_annotations(&mut self) {
        let Some(path) = self.root.annotations.clone().filter(|_| self.options.annotations) else { return };
        let list = match read(&mut self.package, &path, &self.xml) {
            Ok(list) => list,
            Err(error) => return self.notes.add("ANNOTATION_UNREADABLE", &path, None, error.to_string()),
        };
        for page in list.all("Page") {
            if let (Some(id), Some(loc)) = (page.attribute("PageID"), page.child_text("FileLoc")) {
                match self.package.locate(&path, loc) {
                    Ok(found) => {
                        self.annotations.insert(id.trim().to_owned(), found.path);
                    }
                    Err(error) => self.notes.add("ANNOTATION_UNREADABLE", &path, None, error.to_string()),
                }
            }
        }
    }
}
