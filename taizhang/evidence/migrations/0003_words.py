"""The index of words (FTS5): of texts, by blob; of captions, by piece. What is already here is indexed by a job."""

from django.db import migrations


def make(apps, schema_editor):
    connection = schema_editor.connection
    with connection.cursor() as cursor:
        cursor.execute("SELECT sqlite_version()")
        version = tuple(int(part) for part in cursor.fetchone()[0].split(".")[:2])
        # without a copy of the words, where the library can delete from such a table
        bare = ", content='', contentless_delete=1" if version >= (3, 43) else ""
        for table in ("evidence_text_words", "evidence_caption_words"):
            cursor.execute(f"CREATE VIRTUAL TABLE {table} USING fts5(words, tokenize='ascii'{bare})")


def drop(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        for table in ("evidence_text_words", "evidence_caption_words"):
            cursor.execute(f"DROP TABLE {table}")


class Migration(migrations.Migration):
    dependencies = [("evidence", "0002_read_find_archive")]
    operations = [migrations.RunPython(make, drop)]
