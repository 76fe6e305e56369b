/* Starts what a signed-in page needs. Every page works without any of it. */
import "./theme.js";
import "./popups.js";
import "./shortcuts.js";
import "./clocks.js";
import "./live.js";
import "./preview.js";
import "./presence.js";
import "./doing.js";
import "./queue.js";
import "./bulk.js";
import "./split.js";
import "./conversation.js";
import "./draft.js";
import "./counting.js";
import "./macros.js";
import "./undo.js";
import "./upload.js";
