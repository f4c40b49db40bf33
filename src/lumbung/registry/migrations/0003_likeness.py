"""An index by which rows are found that may be one person's, filled for the rows that are there."""

from django.db import migrations, models

from lumbung.registry.likeness import likeness_index


def fill(apps, schema_editor):
    persons = apps.get_model("registry", "Person").objects.only("name", "birth_date", "likeness_index")
    for person in persons.iterator(chunk_size=2000):
        person.likeness_index = likeness_index(person.name, person.birth_date)
        person.save(update_fields=["likeness_index"])


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0002_segments"),
    ]

    operations = [
        migrations.AddField(
            model_name="person",
            name="likeness_index",
            field=models.BinaryField(db_index=True, editable=True, null=True),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
