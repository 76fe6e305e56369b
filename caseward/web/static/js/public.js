/* Starts what a requester's page needs. Every page works without any of it. */
import "./clocks.js";
import "./queue.js";
import "./upload.js";
