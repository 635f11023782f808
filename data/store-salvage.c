/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/store-private.h"

#include <string.h>

/* Reading blocks out of pages by hand, for a file whose trees are damaged.
 *
 * Format: "SQLite Database File Format", sqlite.org/fileformat2.html, sections 1.6
 * (b-tree pages), 2.1 (records) and 4.1 (WAL frames). Recordings have pages of 4096
 * bytes and nothing reserved at their ends. Everything here is hostile input. */

#define PAGE 4096
#define FILE_HEADER 100 /* before the first page's own */
#define WAL_HEADER 32
#define FRAME_HEADER 24
#define LEAF 0x0D       /* leaf of a table with rowids */
#define LEAF_HEADER 8
#define LOCAL_MAX (PAGE - 35)                   /* a payload up to here lies in its cell */
#define LOCAL_MIN ((PAGE - 12) * 32 / 255 - 23) /* of a longer one at least this much does */
#define OVERFLOW_DATA (PAGE - 4)
#define COLUMNS 9
#define PAYLOAD_MAX (CHS_BLOCK_MAX + 256)
#define WORK_MAX 4      /* an honest file holds each byte once in the file and once in the WAL; a hostile one claims more */

typedef struct {
  GMappedFile *file, *wal; /* @wal may be NULL */
  const guint8 *base;
  gsize n_pages;
  GHashTable *newest; /* page number : its newest image in the WAL */
  GArray *blocks;     /* of ChsBlock */
  guint64 work;       /* bytes of payloads that may still be put together */
} Salvage;

typedef struct {
  const guint8 *p, *end;
  gboolean bad;
} Reader;

static guint32
u32 (const guint8 *p)
{
  return (guint32) p[0] << 24 | (guint32) p[1] << 16 | (guint32) p[2] << 8 | p[3];
}

/* SQLite's varint: high bits first, nine bytes at most, the ninth whole. */
static guint64
varint (Reader *r)
{
  guint64 v = 0;

  for (guint i = 0; i < 9; i++) {
    guint8 byte;

    if (r->p >= r->end)
      break;
    byte = *r->p++;
    if (i == 8)
      return v << 8 | byte;
    v = v << 7 | (byte & 0x7F);
    if (byte < 0x80)
      return v;
  }
  r->bad = TRUE;
  return 0;
}

static const guint8 *
page_image (const Salvage *self, guint32 number)
{
  const guint8 *image = g_hash_table_lookup (self->newest, GUINT_TO_POINTER (number));

  if (image != NULL)
    return image;
  return number >= 1 && number <= self->n_pages ? self->base + (gsize) (number - 1) * PAGE : NULL;
}

/* ---- one row ---- */

/* Bytes of a column of this serial type; G_MAXUINT64 for those that a block does not have. */
static guint64
serial_size (guint64 type)
{
  static const guint8 sizes[] = { 0, 1, 2, 3, 4, 6, 8 };

  if (type < G_N_ELEMENTS (sizes))
    return sizes[type];
  if (type == 8 || type == 9)
    return 0;
  return type >= 12 && type % 2 == 0 ? (type - 12) / 2 : G_MAXUINT64;
}

static gint64
serial_int (guint64 type, const guint8 *p)
{
  guint64 n = serial_size (type), v = 0;

  if (type == 8 || type == 9)
    return (gint64) type - 8;
  for (guint64 i = 0; i < n; i++)
    v = v << 8 | p[i];
  return n == 0 || n == 8 ? (gint64) v : (gint64) (v << (64 - 8 * n)) >> (64 - 8 * n);
}

/* The columns of CHS_BLOCK_COLUMNS; the first is the rowid and stored as NULL. */
static gboolean
read_record (const guint8 *payload, gsize n, guint64 rowid, ChsBlock *block)
{
  Reader r = { payload, payload + n, FALSE };
  guint64 header = varint (&r), types[COLUMNS];
  const guint8 *columns[COLUMNS], *at = payload + MIN (header, n);
  gint64 v[COLUMNS] = { 0 };

  for (guint i = 0; i < COLUMNS; i++) {
    types[i] = varint (&r);
    if (r.bad || serial_size (types[i]) > (guint64) (payload + n - at))
      return FALSE;
    columns[i] = at;
    at += serial_size (types[i]);
  }
  if (r.p != payload + header || types[0] != 0)
    return FALSE;
  for (guint i = 1; i < COLUMNS; i++)
    if ((types[i] >= 12) != (i >= 6) || types[i] == 0)
      return FALSE;
    else if (i < 6)
      v[i] = serial_int (types[i], columns[i]);
  *block = (ChsBlock) { .first_seq = rowid, .last_seq = (guint64) v[1], .n_events = (guint64) v[2], .from_us = v[3], .to_us = v[4],
                        .size = (gsize) v[5] };
  if (serial_size (types[7]) != CHS_HASH_SIZE || serial_size (types[8]) != CHS_HASH_SIZE || v[5] < 1
      || !chs_block_is_sane (block, serial_size (types[6])))
    return FALSE;
  memcpy (block->prev, columns[7], CHS_HASH_SIZE);
  memcpy (block->hash, columns[8], CHS_HASH_SIZE);
  block->data = g_bytes_new (columns[6], serial_size (types[6]));
  return TRUE;
}

static gsize
local_size (guint64 payload)
{
  guint64 n;

  if (payload <= LOCAL_MAX)
    return payload;
  n = LOCAL_MIN + (payload - LOCAL_MIN) % OVERFLOW_DATA;
  return n <= LOCAL_MAX ? n : LOCAL_MIN;
}

/* The payload of a cell, put together from its overflow pages. */
static guint8 *
read_payload (Salvage *self, Reader *cell, guint64 n)
{
  gsize local = local_size (n), done = local;
  g_autofree guint8 *payload = NULL;
  guint32 next = 0;

  if ((gsize) (cell->end - cell->p) < local + (local < n ? 4 : 0) || self->work < n)
    return NULL;
  self->work -= n;
  payload = g_malloc (n);
  memcpy (payload, cell->p, local);
  if (local < n)
    next = u32 (cell->p + local);
  while (done < n) {
    const guint8 *image = page_image (self, next);
    gsize part = MIN (n - done, OVERFLOW_DATA);

    if (image == NULL)
      return NULL;
    next = u32 (image);
    memcpy (payload + done, image + 4, part);
    done += part;
  }
  return g_steal_pointer (&payload);
}

static void
read_cell (Salvage *self, const guint8 *page, guint at)
{
  Reader cell = { page + at, page + PAGE, FALSE };
  guint64 n = varint (&cell), rowid = varint (&cell);
  g_autofree guint8 *payload = NULL;
  g_autoptr (GBytes) whole = NULL;
  ChsBlock block = { 0 };

  if (cell.bad || n < COLUMNS || n > PAYLOAD_MAX)
    return;
  payload = read_payload (self, &cell, n);
  if (payload == NULL || !read_record (payload, n, rowid, &block))
    return;
  whole = chs_block_unpack (&block, NULL);
  if (whole != NULL)
    g_array_append_val (self->blocks, block);
  else
    chs_block_clear (&block);
}

static void
read_page (Salvage *self, const guint8 *page, guint header)
{
  guint n = (guint) page[header + 3] << 8 | page[header + 4];

  if (page[header] != LEAF)
    return;
  for (guint i = 0; i < n && header + LEAF_HEADER + 2 * i + 2 <= PAGE; i++) {
    const guint8 *pointer = page + header + LEAF_HEADER + 2 * i;
    guint at = (guint) pointer[0] << 8 | pointer[1];

    if (at >= header + LEAF_HEADER && at < PAGE)
      read_cell (self, page, at);
  }
}

/* ---- the file and its WAL ---- */

static gsize
n_frames (const Salvage *self)
{
  gsize n = self->wal != NULL ? g_mapped_file_get_length (self->wal) : 0;

  return n > WAL_HEADER ? (n - WAL_HEADER) / (FRAME_HEADER + PAGE) : 0;
}

static const guint8 *
frame (const Salvage *self, gsize i)
{
  return (const guint8 *) g_mapped_file_get_contents (self->wal) + WAL_HEADER + i * (FRAME_HEADER + PAGE);
}

/* More events first: of a block that was written again as it grew, the last version is the best. */
static int
by_worth (gconstpointer a, gconstpointer b)
{
  guint64 x = ((const ChsBlock *) a)->n_events, y = ((const ChsBlock *) b)->n_events;

  return (x < y) - (x > y);
}

static void
clear_block (gpointer block)
{
  chs_block_clear (block);
}

GArray *
chs_store_salvage (const char *path, GError **error)
{
  g_autofree char *wal = g_strconcat (path, "-wal", NULL);
  g_autoptr (GMappedFile) file = g_mapped_file_new (path, FALSE, error);
  g_autoptr (GMappedFile) wal_file = file != NULL ? g_mapped_file_new (wal, FALSE, NULL) : NULL;
  g_autoptr (GHashTable) newest = g_hash_table_new (NULL, NULL);
  Salvage self = { .file = file, .wal = wal_file, .newest = newest };

  if (file == NULL)
    return NULL;
  self.base = (const guint8 *) g_mapped_file_get_contents (file);
  self.n_pages = g_mapped_file_get_length (file) / PAGE;
  self.work = WORK_MAX * ((guint64) g_mapped_file_get_length (file) + n_frames (&self) * PAGE);
  self.blocks = g_array_new (FALSE, FALSE, sizeof (ChsBlock));
  g_array_set_clear_func (self.blocks, clear_block);
  for (gsize i = 0; i < n_frames (&self); i++)
    g_hash_table_insert (newest, GUINT_TO_POINTER (u32 (frame (&self, i))), (gpointer) (frame (&self, i) + FRAME_HEADER));
  for (gsize i = 0; i < self.n_pages; i++)
    read_page (&self, self.base + i * PAGE, i == 0 ? FILE_HEADER : 0);
  for (gsize i = 0; i < n_frames (&self); i++)
    read_page (&self, frame (&self, i) + FRAME_HEADER, u32 (frame (&self, i)) == 1 ? FILE_HEADER : 0);
  g_array_sort (self.blocks, by_worth);
  return self.blocks;
}
