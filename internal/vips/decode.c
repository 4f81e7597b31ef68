#include "decode.h"

#include <string.h>

static void silence(const gchar *domain, GLogLevelFlags level, const gchar *message, gpointer data) {}

int picture_setup(void) {
	g_log_set_default_handler(silence, NULL);
	if (vips_init("passportphotogenie"))
		return -1;
	vips_concurrency_set(1);
	vips_cache_set_max(0);
	vips_block_untrusted_set(TRUE);
	vips_operation_block_set("VipsForeignLoad", TRUE);
	vips_operation_block_set("VipsForeignLoadJpeg", FALSE);
	vips_operation_block_set("VipsForeignLoadPng", FALSE);
	vips_operation_block_set("VipsForeignLoadWebp", FALSE);
	vips_operation_block_set("VipsForeignLoadHeif", FALSE);
	vips_operation_block_set("VipsForeignLoadTiff", FALSE);
	return 0;
}

/* Opens a file by the named loader and reads its header. Pixels come in one
 * pass from top to bottom as they are asked for, and any damage that the
 * decoder notices is an error. The file must stay until the image is let go. */
VipsImage *picture_open(const char *loader, void *file, size_t length, int shrink) {
	VipsImage *image = NULL;
	VipsBlob *blob = vips_blob_new(NULL, file, length);
	int failed = shrink > 1
		? vips_call(loader, blob, &image, "access", VIPS_ACCESS_SEQUENTIAL,
			"fail_on", VIPS_FAIL_ON_ERROR, "shrink", shrink, NULL)
		: vips_call(loader, blob, &image, "access", VIPS_ACCESS_SEQUENTIAL,
			"fail_on", VIPS_FAIL_ON_ERROR, NULL);
	vips_area_unref(VIPS_AREA(blob));
	return failed ? NULL : image;
}

int picture_pages(VipsImage *image) { return vips_image_get_n_pages(image); }

/* sRGB in 8 bits through the embedded profile. A profile that does not fit the
 * picture is as good as none; inks without one are taken for common ones. */
static int to_srgb(VipsImage *in, VipsImage **out) {
	gboolean inks = in->Type == VIPS_INTERPRETATION_CMYK;
	if (!inks && !vips_image_get_typeof(in, VIPS_META_ICC_NAME))
		return vips_colourspace(in, out, VIPS_INTERPRETATION_sRGB, NULL);
	if (!vips_icc_transform(in, out, "srgb", "embedded", TRUE,
		"input_profile", inks ? "cmyk" : "none",
		"black_point_compensation", TRUE, NULL))
		return 0;
	vips_error_clear();
	return vips_colourspace(in, out, VIPS_INTERPRETATION_sRGB, NULL);
}

/* On white, as paper is, in three bands. */
static int to_opaque(VipsImage *in, VipsImage **out) {
	if (!vips_image_hasalpha(in))
		return vips_extract_band(in, out, 0, "n", 3, NULL);
	double white[] = {255, 255, 255};
	VipsArrayDouble *background = vips_array_double_new(white, 3);
	int failed = vips_flatten(in, out, "background", background, NULL);
	vips_area_unref(VIPS_AREA(background));
	return failed;
}

/* A turn needs rows that one pass has left behind: only then are the pixels
 * gathered in memory, at three bytes each. */
static int to_upright(VipsImage *in, VipsImage **gathered, VipsImage **out) {
	if (vips_image_get_orientation(in) == 1)
		return vips_copy(in, out, NULL);
	return !(*gathered = vips_image_copy_memory(in)) || vips_autorot(*gathered, out, NULL);
}

static int write_rows(VipsImage *in, char *pixels) {
	const int strip = 64;
	size_t row = VIPS_IMAGE_SIZEOF_LINE(in);
	VipsRegion *region = vips_region_new(in);
	int failed = 0;
	for (int top = 0; !failed && top < in->Ysize; top += strip) {
		VipsRect rows = {0, top, in->Xsize, VIPS_MIN(strip, in->Ysize - top)};
		failed = vips_region_prepare(region, &rows);
		for (int y = top; !failed && y < VIPS_RECT_BOTTOM(&rows); y++)
			memcpy(pixels + y * row, VIPS_REGION_ADDR(region, 0, y), row);
	}
	g_object_unref(region);
	return failed;
}

/* Writes a region of the stored picture, upright, as opaque RGBA in sRGB. */
int picture_render(VipsImage *stored, VipsRect region, void *pixels) {
	VipsObject *scope = VIPS_OBJECT(vips_image_new());
	VipsImage **t = (VipsImage **) vips_object_local_array(scope, 6);
	int failed =
		vips_extract_area(stored, &t[0], region.left, region.top, region.width, region.height, NULL) ||
		to_srgb(t[0], &t[1]) ||
		to_opaque(t[1], &t[2]) ||
		to_upright(t[2], &t[3], &t[4]) ||
		vips_bandjoin_const1(t[4], &t[5], 255, NULL) ||
		write_rows(t[5], pixels);
	g_object_unref(scope);
	vips_thread_shutdown();
	return failed;
}
